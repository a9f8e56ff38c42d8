import { setTimeout as sleep } from 'node:timers/promises'
import type { Endpoint } from '../cli/endpoint.ts'

/** The first page as the dashboard's run list asks for it, with the fields that other subgraphs fill. */
const FIRST_PAGE = /* GraphQL */ `
  query FirstPage {
    runs(first: 25) {
      totalCount
      nodes {
        id
        caseId
        status
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
      pageInfo {
        hasNextPage
        hasPreviousPage
        startCursor
        endCursor
      }
    }
  }
`

export interface Latencies {
  /** Milliseconds of each answer, in ascending order. */
  sorted: number[]
}

/** Asks for the first page every `everyMs` until it is told to stop; a slow answer delays none that follow it. */
export async function measureList(endpoint: Endpoint, everyMs: number, until: AbortSignal): Promise<Latencies> {
  const pending: Promise<number>[] = []
  while (!until.aborted) {
    pending.push(timed(() => endpoint.execute(FIRST_PAGE)))
    await sleep(everyMs, undefined, { signal: until }).catch(() => {})
  }
  return { sorted: (await Promise.all(pending)).sort((one, other) => one - other) }
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now()
  await work()
  return performance.now() - startedAt
}

/** The value below which that share of the measurements lies (nearest rank). */
export function percentile({ sorted }: Latencies, share: number): number {
  if (sorted.length === 0) return Number.NaN
  return sorted[Math.max(Math.ceil(sorted.length * share) - 1, 0)]!
}
