import { graphql } from '../../gql/gql.ts'

export const TriggersDocument = graphql(`
  query Triggers {
    schedules {
      ...ScheduleCard
    }
    triggers {
      __typename
      ...WebhookCard
      ...FollowUpCard
    }
  }
`)

export const TriggerWorkflowsDocument = graphql(`
  query TriggerWorkflows {
    workflows(first: 100) {
      nodes {
        id
        slug
        name
        currentVersion {
          id
          number
          inputSchema
        }
      }
    }
  }
`)
