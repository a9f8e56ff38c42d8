import cookie from '@fastify/cookie'
import websocket from '@fastify/websocket'
import fastify, { type FastifyInstance } from 'fastify'
import { randomUUID } from 'node:crypto'
import type { Logger } from '@signalbox/shared/logger'
import { installErrorReplies, replyToClientError, replyWithError } from './error-reply.ts'
import { installSecurityHeaders, securityHeaders } from './security-headers.ts'

/** Sizes in bytes, times in milliseconds. */
export const EDGE_LIMITS = {
  body: 1024 * 1024,
  headers: 16 * 1024,
  message: 256 * 1024,
  requestTimeout: 300_000,
  headersTimeout: 15_000,
  closing: 1_000,
}

/** Requests from these come through a proxy of ours, which says whose they are. */
const TRUSTED_PROXIES = ['loopback', 'linklocal', 'uniquelocal']

/** The bare HTTP server: limits, request ids, security headers, cookies, WebSocket, and one shape of error. */
export async function createEdge(log: Logger, publicUrl: string): Promise<FastifyInstance> {
  const setHeaders = securityHeaders(publicUrl)
  const app = fastify({
    bodyLimit: EDGE_LIMITS.body,
    requestTimeout: EDGE_LIMITS.requestTimeout,
    forceCloseConnections: true,
    trustProxy: TRUSTED_PROXIES,
    genReqId: ({ headers }) => validRequestId(headers['x-request-id']) ?? randomUUID(),
    http: { maxHeaderSize: EDGE_LIMITS.headers, headersTimeout: EDGE_LIMITS.headersTimeout },
    clientErrorHandler: replyToClientError,
    frameworkErrors: (error, request, reply) => {
      // Raised before any hook runs.
      setHeaders(reply)
      replyWithError(error, request, reply, log)
    },
  })
  app.addHook('onRequest', async (request, reply) => void reply.header('x-request-id', request.id))
  app.addHook('onResponse', async (request, reply) => {
    const { method, id } = request
    const ms = Math.round(reply.elapsedTime)
    log.debug({ method, route: request.routeOptions.url, status: reply.statusCode, ms, requestId: id }, 'request')
  })
  installErrorReplies(app, log)
  installSecurityHeaders(app, setHeaders)
  await app.register(cookie)
  await app.register(websocket, { options: { maxPayload: EDGE_LIMITS.message }, preClose: closeSockets })
  return app
}

/** Clients come again, to another gateway or to this one when it is back. */
function closeSockets(this: FastifyInstance, done: () => void) {
  const { websocketServer } = this
  for (const socket of websocketServer.clients) socket.close(1012, 'The gateway is going down')
  const late = setTimeout(() => websocketServer.clients.forEach((socket) => socket.terminate()), EDGE_LIMITS.closing)
  websocketServer.close(() => {
    clearTimeout(late)
    done()
  })
}

const validRequestId = (header: string | string[] | undefined) =>
  typeof header === 'string' && /^[\w.:-]{8,128}$/.test(header) ? header : undefined
