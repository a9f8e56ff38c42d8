import type { FastifyRequest } from 'fastify'
import { CloseCode } from 'graphql-ws'
import type { WebSocket } from 'ws'
import type { Revocations } from '@signalbox/shared/revocations'
import type { ServiceIdentity } from '@signalbox/shared/service-identity'
import { operationContext } from '../edge/graphql.ts'
import type { OperationContext } from '../execution/operation-context.ts'
import type { Caller } from '../session/caller.ts'
import { Upstream } from './upstream.ts'

/** Close codes of RFC 6455 (7.4.1 and its registry) after which a client comes again. */
export const RESTART = 1012
export const TRY_AGAIN_LATER = 1013

/** Before a token ends, the client is asked to come again with a new one. Milliseconds. */
const TOKEN_MARGIN = 30_000
const LONGEST_TIMER = 2 ** 31 - 1

export interface ConnectionParts {
  /** Addresses of subgraphs by name. */
  urls: ReadonlyMap<string, string>
  /** As whom they are called. */
  identity: ServiceIdentity
  revocations?: Pick<Revocations, 'onRevoked'> | undefined
}

/** One client's socket: who it speaks for, and its sockets to subgraphs. */
export class Connection {
  readonly #upstreams = new Map<string, Upstream>()
  readonly #tokenTimer: NodeJS.Timeout | undefined
  readonly #forget: (() => void) | undefined
  #operations = 0

  constructor(
    private readonly socket: WebSocket,
    private readonly request: FastifyRequest,
    private readonly caller: Caller,
    private readonly parts: ConnectionParts,
  ) {
    if (caller.viewer === null) return
    const remaining = caller.viewer.expiresAt * 1000 - TOKEN_MARGIN - Date.now()
    const ask = () => this.close(CloseCode.Forbidden, 'The access token is about to end')
    this.#tokenTimer = setTimeout(ask, Math.min(Math.max(remaining, 0), LONGEST_TIMER))
    this.#forget = parts.revocations?.onRevoked(caller.viewer, () => {
      this.close(CloseCode.Forbidden, 'The access token was revoked')
    })
  }

  /** A context for the next operation on this socket. */
  nextContext(): OperationContext {
    this.#operations += 1
    return operationContext(this.request, this.caller, `${this.request.id}.${this.#operations}`)
  }

  upstream(service: string): Upstream {
    let upstream = this.#upstreams.get(service)
    if (upstream === undefined) {
      const { authorization, ...headers } = operationContext(this.request, this.caller).forwarded
      upstream = new Upstream({
        url: this.parts.urls.get(service)!,
        service,
        identity: this.parts.identity,
        headers,
        authorization,
      })
      this.#upstreams.set(service, upstream)
    }
    return upstream
  }

  /** Ends the client's socket and, at once, everything behind it. */
  close(code: number, reason: string) {
    this.socket.close(code, reason)
    this.dispose()
  }

  dispose() {
    clearTimeout(this.#tokenTimer)
    this.#forget?.()
    for (const upstream of this.#upstreams.values()) upstream.dispose()
    this.#upstreams.clear()
  }
}
