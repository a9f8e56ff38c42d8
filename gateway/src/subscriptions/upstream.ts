import type { FormattedExecutionResult, GraphQLFormattedError } from 'graphql'
import { createClient, type Client, type SubscribePayload } from 'graphql-ws'
import { WebSocket } from 'ws'
import { signRequest } from '@signalbox/shared/service-credential'
import type { ServiceIdentity } from '@signalbox/shared/service-identity'

/** Times in milliseconds; sizes in bytes. */
const LIMITS = { handshake: 3_000, acknowledgement: 5_000, ping: 15_000, pong: 10_000, message: 8 * 1024 * 1024 }

export interface UpstreamEvents {
  event(result: FormattedExecutionResult): void
  /** The subgraph refused or ended the subscription with errors. */
  refused(errors: readonly GraphQLFormattedError[]): void
  /** The socket is gone, or never came about. @param code the close code, where there was one */
  lost(code: number | undefined): void
  ended(): void
}

export interface UpstreamOptions {
  /** The subgraph's HTTP address. */
  url: string
  /** Its name, for which the upgrade is signed; what then flows over the socket is not. */
  service: string
  identity: ServiceIdentity
  headers: Record<string, string>
  /** `Bearer …`; absent where nobody is signed in. */
  authorization: string | undefined
}

/**
 * One client's socket to one subgraph, opened with its first subscription and closed with its last. It never reconnects: the client
 * does, and says where it stopped.
 */
export class Upstream {
  readonly #client: Client
  #socket: WebSocket | undefined
  #holds = 0

  constructor(options: UpstreamOptions) {
    const { url, authorization } = options
    this.#client = createClient({
      url: url.replace(/^http/, 'ws'),
      connectionParams: authorization === undefined ? {} : { authorization },
      webSocketImpl: socketWith(options),
      retryAttempts: 0,
      connectionAckWaitTimeout: LIMITS.acknowledgement,
      keepAlive: LIMITS.ping,
      on: this.#watch(),
    })
  }

  /** @returns ends the subscription */
  subscribe(payload: SubscribePayload, events: UpstreamEvents): () => void {
    return this.#client.subscribe(payload, {
      next: (result) => events.event(result as FormattedExecutionResult),
      error: (error) =>
        Array.isArray(error) ? events.refused(error as GraphQLFormattedError[]) : events.lost(closeCodeOf(error)),
      complete: () => events.ended(),
    })
  }

  /** Reads no more from the subgraph until everybody who asked for it has let go: it then feels the slow consumer itself. */
  hold() {
    this.#holds += 1
    this.#socket?.pause()
  }

  release() {
    this.#holds -= 1
    if (this.#holds === 0) this.#socket?.resume()
  }

  dispose() {
    void this.#client.dispose()
    this.#socket?.terminate()
  }

  /** A subgraph that hangs answers no ping. */
  #watch() {
    let overdue: NodeJS.Timeout | undefined
    return {
      connected: (socket: unknown) => {
        this.#socket = socket as WebSocket
      },
      ping: (received: boolean) => {
        if (!received) overdue = setTimeout(() => this.#socket?.terminate(), LIMITS.pong)
      },
      pong: (received: boolean) => {
        if (received) clearTimeout(overdue)
      },
      closed: () => clearTimeout(overdue),
    }
  }
}

const socketWith = ({ headers, service, identity: { key, tls } }: UpstreamOptions) =>
  class extends WebSocket {
    constructor(address: string, protocols: string | string[]) {
      const { pathname, search } = new URL(address)
      const request = { method: 'GET', path: pathname + search, headers }
      const signature = key === null ? {} : signRequest(key, request, { audience: service })
      super(address, protocols, {
        headers: { ...headers, ...signature },
        handshakeTimeout: LIMITS.handshake,
        maxPayload: LIMITS.message,
        ...tls,
      })
    }
  }

const closeCodeOf = (error: unknown): number | undefined => {
  const code = (error as { code?: unknown } | null)?.code
  return typeof code === 'number' ? code : undefined
}
