import cookie from '@fastify/cookie'
import websocket from '@fastify/websocket'
import fastify, { type FastifyInstance } from 'fastify'
import { randomUUID } from 'node:crypto'
import type { Logger } from '@signalbox/shared/logger'
import type { SessionCookies } from '../session/session-cookies.ts'
import { EDGE_LIMITS } from './edge-limits.ts'
import { installErrorReplies, replyToClientError, replyWithError } from './error-reply.ts'
import type { EdgeObserver } from './observer.ts'
import type { RateLimits } from './rate-limits.ts'
import { guardReach } from './reach.ts'
import { installSecurityHeaders, securityHeaders } from './security-headers.ts'
import type { EdgeSettings } from './settings.ts'

export interface EdgeOptions {
  settings: EdgeSettings
  publicUrl: string
  cookies: SessionCookies
  rates: RateLimits
  observer: EdgeObserver
  log: Logger
}

/** Answer always: an orchestrator asks, and what they tell is small. */
const UNCOUNTED = new Set(['/health', '/ready'])

/** The bare HTTP server: limits, request ids, security headers, cookies, WebSocket, and one shape of error. */
export async function createEdge(options: EdgeOptions): Promise<FastifyInstance> {
  const { settings, publicUrl, log, observer } = options
  const setHeaders = securityHeaders(publicUrl)
  const app = fastify({
    bodyLimit: EDGE_LIMITS.body,
    requestTimeout: EDGE_LIMITS.requestTimeout,
    keepAliveTimeout: EDGE_LIMITS.keepAlive,
    forceCloseConnections: true,
    trustProxy: [...settings.trustedProxies],
    genReqId: ({ headers }) => validRequestId(headers['x-request-id']) ?? randomUUID(),
    http: { maxHeaderSize: EDGE_LIMITS.headers, headersTimeout: EDGE_LIMITS.headersTimeout },
    clientErrorHandler: replyToClientError,
    frameworkErrors: (error, request, reply) => {
      // Raised before any hook runs.
      setHeaders(reply)
      replyWithError(error, request, reply, log)
    },
  })
  installErrorReplies(app, log, observer)
  installSecurityHeaders(app, setHeaders)
  await app.register(cookie)
  // Before the hooks that refuse: it ends the sockets of upgrades that are refused.
  await app.register(websocket, { options: { maxPayload: EDGE_LIMITS.message }, preClose: closeSockets })
  followRequests(app, log)
  guardReach(app, options)
  countRequests(app, options)
  return app
}

function followRequests(app: FastifyInstance, log: Logger) {
  app.addHook('onRequest', async (request, reply) => {
    reply.header('x-request-id', request.id)
    // An upgrade that is refused ends its connection.
    if (request.ws) reply.header('connection', 'close')
  })
  app.addHook('onResponse', async (request, reply) => {
    const { method, id } = request
    const ms = Math.round(reply.elapsedTime)
    log.debug({ method, route: request.routeOptions.url, status: reply.statusCode, ms, requestId: id }, 'request')
  })
}

/** By client address, and the asking for tokens and codes once more by itself. */
function countRequests(app: FastifyInstance, { rates }: EdgeOptions) {
  app.addHook('onRequest', async ({ url, method, ip }) => {
    if (UNCOUNTED.has(url)) return
    rates.countAddress(ip)
    if (method === 'POST' && SIGN_IN.test(pathIn(url))) rates.countSignIn(ip)
  })
}

/** OAuth's token endpoint, and the pages where people sign in on the way to another front end. */
const SIGN_IN = /^\/oidc\/(token|interaction\/.*)\/*$/i

/** The path as the part that answers understands it: decoded, without dot segments. */
function pathIn(url: string): string {
  try {
    return decodeURIComponent(new URL(`http://signalbox${url}`).pathname)
  } catch {
    return url
  }
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
