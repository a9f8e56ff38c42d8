import { graphql } from '../../gql/gql.ts'

export const RolesDocument = graphql(`
  query Roles {
    roles {
      role
      kind
      name
      sentence
      scopes
    }
  }
`)

export const MembersDocument = graphql(`
  query Members($id: ID!, $after: String) {
    organization(id: $id) {
      id
      name
      members(first: 50, after: $after) {
        totalCount
        pageInfo {
          hasNextPage
          endCursor
        }
        nodes {
          id
          role
          since
          user {
            id
            displayName
            email
          }
        }
      }
    }
  }
`)

export const AgencyAccessDocument = graphql(`
  query AgencyAccess($id: ID!) {
    organization(id: $id) {
      id
      agencyAccess {
        name
        people {
          role
          since
          user {
            id
            displayName
          }
        }
        programs {
          id
          name
          scopes
        }
      }
    }
  }
`)

export const InvitationsDocument = graphql(`
  query Invitations($id: ID!) {
    organization(id: $id) {
      id
      invitations {
        id
        email
        role
        status
        sentAt
        expiresAt
        invitedBy {
          id
          displayName
        }
      }
    }
  }
`)

export const InviteMemberDocument = graphql(`
  mutation InviteMember($input: InviteMemberInput!) {
    inviteMember(input: $input) {
      invitation {
        id
        email
        expiresAt
      }
    }
  }
`)

export const ResendInvitationDocument = graphql(`
  mutation ResendInvitation($input: ResendInvitationInput!) {
    resendInvitation(input: $input) {
      invitation {
        id
        expiresAt
      }
    }
  }
`)

export const WithdrawInvitationDocument = graphql(`
  mutation WithdrawInvitation($input: WithdrawInvitationInput!) {
    withdrawInvitation(input: $input) {
      invitation {
        id
        status
      }
    }
  }
`)

export const ChangeMemberRoleDocument = graphql(`
  mutation ChangeMemberRole($input: ChangeMemberRoleInput!) {
    changeMemberRole(input: $input) {
      membership {
        id
        role
      }
    }
  }
`)

export const RemoveMemberDocument = graphql(`
  mutation RemoveMember($input: RemoveMemberInput!) {
    removeMember(input: $input) {
      membership {
        id
      }
    }
  }
`)

export const ClientsDocument = graphql(`
  query Clients {
    organizations {
      id
      name
      kind
      timeZone
      agency {
        id
      }
      members(first: 0) {
        totalCount
      }
    }
  }
`)

export const UpdateOrganizationDocument = graphql(`
  mutation UpdateOrganization($input: UpdateOrganizationInput!) {
    updateOrganization(input: $input) {
      organization {
        id
        name
        timeZone
      }
    }
  }
`)

export const CreateOrganizationDocument = graphql(`
  mutation CreateOrganization($input: CreateOrganizationInput!) {
    createOrganization(input: $input) {
      organization {
        id
        name
      }
      invitation {
        id
        email
      }
    }
  }
`)

export const ServiceClientsDocument = graphql(`
  query ServiceClients($id: ID!) {
    organization(id: $id) {
      id
      serviceClients {
        id
        name
        clientId
        kind
        status
        scopes
        redirectUris
        createdAt
        expiresAt
        lastUsedAt
        secrets {
          id
          hint
          createdAt
          expiresAt
          lastUsedAt
        }
      }
    }
  }
`)

export const CreateServiceClientDocument = graphql(`
  mutation CreateServiceClient($input: CreateServiceClientInput!) {
    createServiceClient(input: $input) {
      secret
      serviceClient {
        id
        name
        clientId
        kind
        scopes
        redirectUris
      }
    }
  }
`)

export const RotateServiceClientSecretDocument = graphql(`
  mutation RotateServiceClientSecret($input: RotateServiceClientSecretInput!) {
    rotateServiceClientSecret(input: $input) {
      secret
      serviceClient {
        id
        name
        clientId
        kind
        scopes
        redirectUris
      }
    }
  }
`)

export const RevokeServiceClientDocument = graphql(`
  mutation RevokeServiceClient($input: RevokeServiceClientInput!) {
    revokeServiceClient(input: $input) {
      serviceClient {
        id
        status
      }
    }
  }
`)

export const RunLimitsDocument = graphql(`
  query RunLimits {
    runLimits {
      concurrency
      perMinute
      underWay
      queued
    }
  }
`)

export const SetRunLimitsDocument = graphql(`
  mutation SetRunLimits($input: SetRunLimitsInput!) {
    setRunLimits(input: $input) {
      limits {
        concurrency
        perMinute
        underWay
        queued
      }
    }
  }
`)
