import { graphql } from '../../gql/gql.ts'

export const DeadLettersDocument = graphql(`
  query DeadLetters {
    deadLetters(first: 100) {
      id
      count
      firstSeen
      lastSeen
      workflow {
        id
        name
      }
      organization {
        id
        name
      }
      failure {
        ...FailureFields
      }
      example {
        id
        input
      }
    }
  }
`)

export const RedriveRunsDocument = graphql(`
  mutation RedriveRuns($input: RedriveRunsInput!) {
    redriveRuns(input: $input) {
      operation {
        ...BulkFields
      }
    }
  }
`)

export const DismissRunsDocument = graphql(`
  mutation DismissRuns($input: DismissRunsInput!) {
    dismissRuns(input: $input) {
      dismissed
    }
  }
`)
