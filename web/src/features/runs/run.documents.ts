import { graphql } from '../../gql/gql.ts'

export const FailureFields = graphql(`
  fragment FailureFields on RunFailure {
    code
    reason
    node
    attempt
    retryable
    consequence
    advice
    group
  }
`)

export const ActorFields = graphql(`
  fragment ActorFields on Actor {
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
`)

/** What every transition brings along, so that the head of the page is never behind its timeline. */
export const LiveRun = graphql(`
  fragment LiveRun on Run {
    id
    status
    pausing
    lastSeq
    startedAt
    finishedAt
    durationMs
    cost {
      asOfSeq
      tokens
      total {
        amount
        currency
      }
    }
  }
`)

export const TransitionFields = graphql(`
  fragment TransitionFields on RunTransition {
    seq
    at
    kind
    status
    node
    agent
    attempt
    summary
    durationMs
    stateDiff
    failure {
      ...FailureFields
    }
    usage {
      model
      inputTokens
      outputTokens
    }
    actor {
      ...ActorFields
    }
  }
`)

export const RunDocument = graphql(`
  query Run($id: ID!) {
    run(id: $id) {
      ...LiveRun
      caseId
      trigger
      input
      output
      tags
      traceId
      queuedAt
      waitingFor
      priority
      production
      expiresAt
      handledAt
      handledReason
      forkedCheckpointId
      forkedFrom {
        id
        input
      }
      forks(first: 20) {
        totalCount
        nodes {
          id
          status
          queuedAt
          forkedCheckpointId
          version {
            id
            number
          }
        }
      }
      workflow {
        id
        slug
        name
      }
      version {
        id
        number
        inputSchema
      }
      organization {
        id
        name
      }
      startedBy {
        ...ActorFields
      }
      failure {
        ...FailureFields
      }
      graph {
        nodes {
          name
          kind
          agent
          description
          state
          visits
          attempts
          durationMs
        }
        edges {
          from
          to
          condition
          taken
        }
      }
      steps {
        node
        agent
        attempts {
          attempt
          state
          startedAt
          durationMs
          failure {
            ...FailureFields
          }
        }
        evidence {
          documentId
          title
          text
          score
          label
        }
      }
      state
      reviews {
        id
        node
        question
        status
        confidence
        openedAt
        dueAt
        decision {
          action
          value
          comment
          decidedAt
          decidedBy {
            ...ActorFields
          }
        }
      }
      annotations(first: 100) {
        nodes {
          id
          body
          createdAt
          author {
            ...ActorFields
          }
        }
      }
      artifacts {
        nodes {
          id
          name
          mediaType
          bytes
          url
          createdAt
        }
      }
      effectiveness {
        kpi
        before {
          median
          p90
          n
          source
          window
        }
        after
        rolling
        rollingN
        change
        percentile
        frozenAt
      }
    }
  }
`)

export const RunHistoryDocument = graphql(`
  query RunHistory($id: ID!) {
    run(id: $id) {
      id
      transitions(first: 200) {
        nodes {
          ...TransitionFields
        }
      }
    }
  }
`)

export const RunTransitionsDocument = graphql(`
  subscription RunTransitions($runId: ID!, $after: Int) {
    runTransitions(runId: $runId, after: $after) {
      ...TransitionFields
      run {
        ...LiveRun
      }
    }
  }
`)

export const ArtifactPreviewDocument = graphql(`
  query ArtifactPreview($id: ID!) {
    artifact(id: $id) {
      id
      preview
    }
  }
`)
