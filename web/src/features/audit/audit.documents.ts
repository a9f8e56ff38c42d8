import { graphql } from '../../gql/gql.ts'

export const AuditEventsDocument = graphql(`
  query AuditEvents($filter: AuditFilter, $first: Int!, $after: String) {
    auditEvents(filter: $filter, first: $first, after: $after) {
      totalCount
      pageInfo {
        hasNextPage
        endCursor
      }
      nodes {
        id
        sequence
        at
        action
        outcome
        actorKind
        actorId
        actor {
          __typename
          ... on User {
            id
            displayName
            email
          }
          ... on ServiceClient {
            id
            name
          }
          ... on SystemActor {
            id
            name
          }
        }
        person {
          id
          displayName
        }
        organization {
          id
          name
        }
        scopes
        target {
          type
          id
        }
        details
        requestId
        operation
        source
        hash
      }
    }
  }
`)

export const AuditIntegrityDocument = graphql(`
  query AuditIntegrity {
    auditIntegrity {
      ok
      checked
      entries
      head
      firstBroken
      fault
    }
  }
`)

export const AuditOrganizationsDocument = graphql(`
  query AuditOrganizations {
    viewer {
      readableOrganizations {
        id
        name
      }
    }
  }
`)
