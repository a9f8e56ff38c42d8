import { graphql } from '../../gql/gql.ts'

export const ToolsDocument = graphql(`
  query Tools {
    tools {
      id
      name
      description
      kind
      settings
      accountId
      ratePerMinute
      enabled
      parameters
    }
    connectors {
      kind
      title
      description
      settings
      accounts
      ratePerMinute
    }
    accounts {
      id
      name
      kind
      host
      hint
      state
      attention
      savedAt
      lastUsedAt
    }
    accountReturnUrl
  }
`)

export const SaveToolDocument = graphql(`
  mutation SaveTool($input: SaveToolInput!) {
    saveTool(input: $input) {
      tool {
        id
        enabled
      }
    }
  }
`)

export const DeleteToolDocument = graphql(`
  mutation DeleteTool($input: DeleteToolInput!) {
    deleteTool(input: $input) {
      tool {
        id
      }
    }
  }
`)

export const TryToolDocument = graphql(`
  mutation TryTool($input: TryToolInput!) {
    tryTool(input: $input) {
      trial {
        succeeded
        message
        request
        answer
        durationMs
      }
    }
  }
`)

export const SaveAccountDocument = graphql(`
  mutation SaveAccount($input: SaveAccountInput!) {
    saveAccount(input: $input) {
      account {
        id
        state
      }
    }
  }
`)

export const DeleteAccountDocument = graphql(`
  mutation DeleteAccount($input: DeleteAccountInput!) {
    deleteAccount(input: $input) {
      account {
        id
      }
    }
  }
`)

export const ConnectAccountDocument = graphql(`
  mutation ConnectAccount($input: ConnectAccountInput!) {
    connectAccount(input: $input) {
      url
      account {
        id
      }
    }
  }
`)

export const CompleteAccountDocument = graphql(`
  mutation CompleteAccount($input: CompleteAccountInput!) {
    completeAccount(input: $input) {
      account {
        id
        name
        state
      }
    }
  }
`)
