import { graphql } from '../../gql/gql.ts'

export const CancelRunDocument = graphql(`
  mutation CancelRun($input: CancelRunInput!) {
    cancelRun(input: $input) {
      run {
        id
        status
      }
    }
  }
`)

export const RetryRunDocument = graphql(`
  mutation RetryRun($input: RetryRunInput!) {
    retryRun(input: $input) {
      run {
        id
        status
      }
    }
  }
`)

export const AnnotateRunDocument = graphql(`
  mutation AnnotateRun($input: AnnotateRunInput!) {
    annotateRun(input: $input) {
      annotation {
        id
        body
      }
    }
  }
`)
