import { graphql } from '../../gql/gql.ts'

export const FollowUpCardFragment = graphql(`
  fragment FollowUpCard on RunEventTrigger {
    id
    name
    enabled
    statuses
    condition
    mapping {
      input
      caseId
    }
    sourceWorkflow {
      id
      slug
      name
    }
    workflow {
      id
      slug
      name
    }
    lastRun {
      id
      status
      queuedAt
    }
    firings(first: 1) {
      totalCount
      nodes {
        outcome
        firedAt
        fault {
          message
          fields {
            path
            message
          }
        }
      }
    }
  }
`)

export const CreateFollowUpDocument = graphql(`
  mutation CreateFollowUp($input: CreateRunEventTriggerInput!) {
    createRunEventTrigger(input: $input) {
      trigger {
        id
      }
    }
  }
`)

export const UpdateFollowUpDocument = graphql(`
  mutation UpdateFollowUp($input: UpdateRunEventTriggerInput!) {
    updateRunEventTrigger(input: $input) {
      trigger {
        id
      }
    }
  }
`)

export const DeleteFollowUpDocument = graphql(`
  mutation DeleteFollowUp($input: DeleteRunEventTriggerInput!) {
    deleteRunEventTrigger(input: $input) {
      trigger {
        id
      }
    }
  }
`)
