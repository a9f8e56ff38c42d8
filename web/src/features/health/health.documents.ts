import { graphql } from '../../gql/gql.ts'

export const LatencyFields = graphql(`
  fragment LatencyFields on LatencySummary {
    n
    p50
    p90
    p99
  }
`)

export const TechnicalHealthDocument = graphql(`
  query TechnicalHealth($range: TimeRange!) {
    technicalHealth(range: $range) {
      runs
      succeeded
      failed
      active
      errorRate
      retries
      inputTokens
      outputTokens
      bucketSize
      runLatency {
        ...LatencyFields
      }
      machineLatency {
        ...LatencyFields
      }
      queueWait {
        ...LatencyFields
      }
      nodes {
        node
        executions
        failures
        retries
        latency {
          ...LatencyFields
        }
      }
      failures {
        code
        count
        rate
      }
      cost {
        amount
        currency
      }
      costPerRun {
        amount
        currency
      }
      throughput {
        at
        started
        succeeded
        failed
      }
    }
  }
`)
