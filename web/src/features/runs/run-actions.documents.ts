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

export const PauseRunDocument = graphql(`
  mutation PauseRun($input: PauseRunInput!) {
    pauseRun(input: $input) {
      run {
        id
        status
        pausing
      }
    }
  }
`)

export const ResumeRunDocument = graphql(`
  mutation ResumeRun($input: ResumeRunInput!) {
    resumeRun(input: $input) {
      run {
        id
        status
        pausing
      }
    }
  }
`)

export const ReplayRunDocument = graphql(`
  mutation ReplayRun($input: ReplayRunInput!) {
    replayRun(input: $input) {
      run {
        id
      }
    }
  }
`)

export const ForkRunDocument = graphql(`
  mutation ForkRun($input: ForkRunInput!) {
    forkRun(input: $input) {
      run {
        id
      }
    }
  }
`)

export const RunCheckpointsDocument = graphql(`
  query RunCheckpoints($id: ID!, $first: Int!) {
    run(id: $id) {
      id
      checkpoints(first: $first) {
        totalCount
        nodes {
          id
          step
          next
          state
          createdAt
        }
      }
    }
  }
`)

export const RunVersionsDocument = graphql(`
  query RunVersions($id: ID!) {
    workflow(id: $id) {
      id
      versions(first: 50) {
        nodes {
          id
          number
          publishedAt
          inputSchema
        }
      }
    }
  }
`)
