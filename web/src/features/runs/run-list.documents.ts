import { graphql } from '../../gql/gql.ts'

export const RunRow = graphql(`
  fragment RunRow on Run {
    id
    caseId
    status
    waitingFor
    priority
    trigger
    input
    output
    queuedAt
    finishedAt
    durationMs
    lastSeq
    failure {
      code
      reason
    }
    workflow {
      id
      slug
      name
    }
    organization {
      id
      name
    }
    cost {
      asOfSeq
      total {
        amount
        currency
      }
    }
  }
`)

export const RunsDocument = graphql(`
  query Runs($filter: RunFilter, $first: Int, $after: String, $last: Int, $before: String) {
    runs(filter: $filter, first: $first, after: $after, last: $last, before: $before) {
      totalCount
      nodes {
        ...RunRow
      }
      pageInfo {
        hasNextPage
        hasPreviousPage
        startCursor
        endCursor
      }
    }
  }
`)

export const RunsChangedDocument = graphql(`
  subscription RunsChanged($filter: RunFilter, $after: String) {
    runsChanged(filter: $filter, after: $after) {
      cursor
      kind
      run {
        ...RunRow
      }
    }
  }
`)

export const WorkflowChoicesDocument = graphql(`
  query WorkflowChoices {
    workflows(first: 100) {
      nodes {
        id
        slug
        name
        description
        currentVersion {
          id
          number
          inputSchema
        }
      }
    }
  }
`)

export const StartRunDocument = graphql(`
  mutation StartRun($input: StartRunInput!) {
    startRun(input: $input) {
      created
      run {
        id
      }
    }
  }
`)
