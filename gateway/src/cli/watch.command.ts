import { createClient, type Client } from 'graphql-ws'
import WebSocket from 'ws'
import { CliFault } from './fault.ts'
import { RUNS_CHANGED } from './operations.ts'
import type { Session } from './session.ts'

export interface RunChange {
  cursor: string
  kind: 'ADDED' | 'UPDATED' | 'LEFT'
  run: {
    id: string
    status: string
    durationMs: number | null
    lastSeq: number
    workflow: { slug: string } | null
    failure: { code: string; reason: string } | null
  }
}

/** Waits between two attempts to connect, in milliseconds: doubled up to the longest, then as often as it takes. */
const LONGEST_WAIT_MS = 10_000

/**
 * Follows the runs until it is interrupted, over `graphql-transport-ws`. Whenever the connection is lost, its token's end included, it
 * connects again with a fresh token and takes up after the last change it saw.
 */
export async function watchRuns(
  session: Session,
  workflow: string | undefined,
  show: (change: RunChange) => void,
): Promise<void> {
  const client = connect(session)
  const variables: { filter: object; after?: string } = { filter: workflow === undefined ? {} : { workflow: [workflow] } }
  const stop = () => void client.dispose()
  session.signal.addEventListener('abort', stop, { once: true })
  try {
    await new Promise<void>((resolve, reject) => {
      client.subscribe<{ runsChanged: RunChange }>(
        { query: RUNS_CHANGED, variables },
        {
          next: ({ data, errors }) => {
            if (errors?.[0]) return reject(new CliFault(errors[0].message))
            // graphql-ws sends these variables again when it reconnects.
            variables.after = data!.runsChanged.cursor
            show(data!.runsChanged)
          },
          error: (error) => reject(faultOf(error)),
          complete: resolve,
        },
      )
    })
  } finally {
    session.signal.removeEventListener('abort', stop)
    stop()
  }
}

function connect({ url, tokens, screen }: Session): Client {
  let lost = false
  return createClient({
    url: `${url.replace(/^http/, 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    lazy: true,
    keepAlive: 15_000,
    connectionParams: async () => ({ authorization: `Bearer ${await tokens.current()}` }),
    shouldRetry: (error) => !(error instanceof CliFault),
    retryAttempts: Number.POSITIVE_INFINITY,
    retryWait: async (tried) => {
      const wait = Math.min(500 * 2 ** tried, LONGEST_WAIT_MS) * (0.5 + Math.random() / 2)
      await new Promise((resolve) => setTimeout(resolve, wait))
    },
    on: {
      connected: () => {
        if (lost) screen.write('connected again\n')
        lost = false
      },
      closed: (event) => {
        // 4403: the token is about to end; a new one is on its way, and nobody needs to hear of it.
        const { code } = (event ?? {}) as { code?: number }
        if (lost || code === 1000 || code === 4403) return
        lost = true
        screen.write('the connection is lost; trying again\n')
      },
    },
  })
}

function faultOf(error: unknown): Error {
  if (Array.isArray(error)) return new CliFault((error as { message: string }[])[0]?.message ?? 'The subscription was refused.')
  if (error instanceof Error) return error
  const { code, reason } = error as { code?: number; reason?: string }
  return new CliFault(`The platform closed the connection (${code ?? 'no code'}${reason ? `, ${reason}` : ''}).`)
}

/** One change as one line. */
export function describeChange({ kind, run }: RunChange, at: Date): string {
  const time = at.toTimeString().slice(0, 8)
  const status = kind === 'LEFT' ? 'LEFT' : run.status
  const seconds = run.durationMs === null ? '' : `${(run.durationMs / 1000).toFixed(1)} s`
  const failure = run.failure === null ? '' : `  ${run.failure.code}: ${run.failure.reason}`
  return `${time}  ${status.padEnd(18)}  ${(run.workflow?.slug ?? '–').padEnd(20)}  ${run.id}  ${seconds.padStart(8)}${failure}`
}
