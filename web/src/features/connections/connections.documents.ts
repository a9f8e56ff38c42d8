import { graphql } from '../../gql/gql.ts'

export const ConnectionsDocument = graphql(`
  query Connections {
    credentials {
      id
      kind
      host
      hint
      savedAt
      lastUsedAt
      savedBy {
        __typename
        ... on User {
          id
          displayName
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
    }
  }
`)

export const SaveConnectionDocument = graphql(`
  mutation SaveConnection($input: SaveCredentialInput!) {
    saveCredential(input: $input) {
      credential {
        id
      }
    }
  }
`)

export const DeleteConnectionDocument = graphql(`
  mutation DeleteConnection($input: DeleteCredentialInput!) {
    deleteCredential(input: $input) {
      credential {
        id
      }
    }
  }
`)

export const TestConnectionDocument = graphql(`
  mutation TestConnection($input: TestCredentialInput!) {
    testCredential(input: $input) {
      succeeded
      message
    }
  }
`)
