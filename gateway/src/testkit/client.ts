import { createClient, type Client } from 'graphql-ws'
import { WebSocket } from 'ws'
import type { Platform } from './platform.ts'

// The shape of an answer is what each test asserts.
// oxlint-disable-next-line typescript/no-explicit-any
type Json = any

export interface Answer {
  status: number
  headers: Headers
  body: {
    data?: Record<string, Json>
    errors?: { message: string; path?: (string | number)[]; extensions: Record<string, Json> }[]
  }
}

/** Posts an operation to the gateway. `token` is sent as bearer. */
export async function post(
  { gateway }: Pick<Platform, 'gateway'>,
  query: string,
  { token, variables, headers }: { token?: string; variables?: Record<string, unknown>; headers?: Record<string, string> } = {},
): Promise<Answer> {
  const response = await fetch(`${gateway.address}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(token ? { authorization: `Bearer ${token}` } : {}), ...headers },
    body: JSON.stringify({ query, variables }),
  })
  return { status: response.status, headers: response.headers, body: (await response.json()) as Answer['body'] }
}

export const codesOf = ({ body }: Answer) => (body.errors ?? []).map(({ extensions }) => extensions['code'])

/** A graphql-transport-ws client that does not come again by itself. */
export function socketClient(
  { gateway }: Pick<Platform, 'gateway'>,
  token?: string,
  headers: Record<string, string> = {},
): Client {
  return createClient({
    url: `${gateway.address.replace('http', 'ws')}/graphql`,
    webSocketImpl: class extends WebSocket {
      constructor(url: string, protocols: string[]) {
        super(url, protocols, { headers })
      }
    },
    retryAttempts: 0,
    ...(token === undefined ? {} : { connectionParams: { authorization: `Bearer ${token}` } }),
  })
}

/** One subscription as a test sees it: what came, and how it ended. */
export class Received {
  readonly events: Json[] = []
  /** Resolves with what ended it: a close code, the errors of an `error` message, or `complete`. */
  readonly end: Promise<unknown>
  readonly stop: () => void
  #waiting: { count: number; resolve: () => void } | undefined

  constructor(client: Client, query: string, variables: Record<string, unknown> = {}) {
    const { promise, resolve } = Promise.withResolvers<unknown>()
    this.end = promise
    this.stop = client.subscribe(
      { query, variables },
      {
        next: (event) => {
          this.events.push(event)
          if (this.#waiting && this.events.length >= this.#waiting.count) this.#waiting.resolve()
        },
        error: (error) => resolve(Array.isArray(error) ? error : ((error as { code?: number }).code ?? error)),
        complete: () => resolve('complete'),
      },
    )
  }

  async atLeast(count: number): Promise<Json[]> {
    if (this.events.length < count) await new Promise<void>((resolve) => (this.#waiting = { count, resolve }))
    return this.events
  }
}

/** Waits until something holds; fails after 5 s. */
export async function until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  for (const deadline = Date.now() + 5_000; Date.now() < deadline;) {
    if (await holds()) return
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
  throw new Error(`did not happen: ${what}`)
}
