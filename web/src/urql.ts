import { authExchange } from '@urql/exchange-auth'
import type { Client as Socket } from 'graphql-ws'
import {
  cacheExchange,
  Client,
  fetchExchange,
  subscriptionExchange,
  type CombinedError,
  type ExecutionResult,
  type SubscriptionForwarder,
} from 'urql'
import { resumeAfter } from './ui/live/resume.ts'
import { createSocket } from './ui/live/socket.ts'
import { refreshSession, requestHeaders } from './ui/session/refresh-session.ts'
import { sessionFetch } from './ui/session/session-fetch.ts'

export interface GatewayClient {
  client: Client
  /** Closes the WebSocket at once: it belongs to the session that ends. */
  dispose(): void
}

/**
 * The dashboard's one way to the gateway: a document cache, the session's renewal, HTTP for queries and mutations and one WebSocket for
 * subscriptions.
 */
export function createGatewayClient(onSessionEnded: () => void): GatewayClient {
  const socket = createSocket(onSessionEnded)
  const client = new Client({
    url: '/graphql',
    preferGetMethod: false,
    fetch: sessionFetch,
    fetchOptions: { credentials: 'same-origin', headers: requestHeaders },
    exchanges: [
      cacheExchange,
      sessionExchange(onSessionEnded),
      fetchExchange,
      subscriptionExchange({ forwardSubscription: over(socket) }),
    ],
  })
  return { client, dispose: () => socket.terminate() }
}

const isUnauthenticated = (error: CombinedError) =>
  error.graphQLErrors.some((fault) => fault.extensions['code'] === 'UNAUTHENTICATED') ||
  (error.response as Response | undefined)?.status === 401

/** Renews the session once for all requests that fail together and repeats them. */
const sessionExchange = (onSessionEnded: () => void) =>
  authExchange(async () => ({
    addAuthToOperation: (operation) => operation,
    didAuthError: isUnauthenticated,
    refreshAuth: async () => {
      if ((await refreshSession()) === 'ended') onSessionEnded()
    },
  }))

/** Forwards subscriptions to the socket and keeps each one's `after` at the last event, so that it resumes instead of starting again. */
function over(socket: Socket): SubscriptionForwarder {
  return (request) => {
    const payload = { query: request.query ?? '', variables: { ...request.variables } }
    return {
      subscribe: (sink) => ({
        unsubscribe: socket.subscribe(payload, {
          next: (result) => {
            resumeAfter(payload, result)
            sink.next(result as ExecutionResult)
          },
          error: (error) => sink.error(error),
          complete: () => sink.complete(),
        }),
      }),
    }
  }
}
