import { graphql } from '../../gql/gql.ts'

export const AlertsDocument = graphql(`
  query Alerts($filter: AlertFilter, $first: Int!, $after: String) {
    alerts(filter: $filter, first: $first, after: $after) {
      totalCount
      pageInfo {
        hasNextPage
        endCursor
      }
      nodes {
        id
        severity
        title
        whatHappened
        whyItMatters
        whatToDo
        count
        startedAt
        lastAt
        acknowledgedAt
        acknowledgedBy {
          __typename
          ... on User {
            id
            displayName
            email
          }
          ... on ServiceClient {
            id
            name
          }
        }
        actor {
          __typename
          ... on User {
            id
            displayName
            email
          }
          ... on ServiceClient {
            id
            name
          }
        }
        source
        organization {
          id
          name
        }
      }
    }
  }
`)

export const AlertMovedDocument = graphql(`
  subscription AlertMoved {
    alertRaised {
      id
      count
      acknowledgedAt
    }
  }
`)

export const AcknowledgeAlertDocument = graphql(`
  mutation AcknowledgeAlert($input: AcknowledgeAlertInput!) {
    acknowledgeAlert(input: $input) {
      alert {
        id
        acknowledgedAt
      }
    }
  }
`)
