import { graphql } from '../../gql/gql.ts'

export const BulkFields = graphql(`
  fragment BulkFields on BulkOperation {
    id
    action
    total
    done
    refused
    createdAt
    finishedAt
    refusals {
      reason
      count
    }
  }
`)

export const PreviewBulkDocument = graphql(`
  query PreviewBulk($filter: RunFilter!, $action: BulkAction!) {
    previewBulk(filter: $filter, action: $action) {
      count
      token
      byStatus {
        status
        count
      }
      byWorkflow {
        count
        workflow {
          id
          name
        }
      }
      refusals {
        reason
        count
      }
      sample {
        id
        input
        status
      }
    }
  }
`)

export const BulkRunsDocument = graphql(`
  mutation BulkRuns($input: BulkRunsInput!) {
    bulkRuns(input: $input) {
      operation {
        ...BulkFields
      }
    }
  }
`)

export const BulkOperationDocument = graphql(`
  query BulkOperation($id: ID!) {
    bulkOperation(id: $id) {
      ...BulkFields
    }
  }
`)
