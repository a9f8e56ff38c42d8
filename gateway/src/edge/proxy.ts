import httpProxy from '@fastify/http-proxy'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Logger } from '@signalbox/shared/logger'
import { signRequest } from '@signalbox/shared/service-credential'
import type { ServiceIdentity } from '@signalbox/shared/service-identity'
import type { Caller, Callers } from '../session/caller.ts'
import type { SessionCookies } from '../session/session-cookies.ts'
import { expectBodySoon } from './body-timeout.ts'
import { errorBody } from './error-reply.ts'
import { ROUTES } from './not-found.ts'
import type { RateLimits } from './rate-limits.ts'

export interface ProxyOptions {
  /** `/hooks`: passed on under the same path. */
  path: string
  /** Address of the part that answers; only its origin counts. */
  upstream: string
  /** Its name, for which requests are signed. */
  service: string
  identity: ServiceIdentity
  publicUrl: string
  cookies: SessionCookies
  rates: RateLimits
  log: Logger
  /** Given: the caller is identified and its token passed on as bearer. Absent: `authorization` is passed on as it came. */
  callers?: Callers
  /** Sent with every answer: what comes from there must not run here. */
  isolate?: boolean
  /** Milliseconds for a whole body, so that slow ones do not hold every connection to the part; absent: it may be a large one. */
  bodyTimeout?: number
}

/** Of connections to one part; milliseconds. */
const POOL = { connections: 64, headersTimeout: 60_000, bodyTimeout: 60_000 }
const SAFE_METHODS = new Set(['GET', 'HEAD'])
const ISOLATION = "default-src 'none'; sandbox; frame-ancestors 'none'"

/** Passes requests on to one part, bodies streaming both ways, however large; the part sets its own limits. */
export async function proxyRoute(app: FastifyInstance, options: ProxyOptions) {
  const { path, upstream, callers, log, bodyTimeout } = options
  const tokens = new WeakMap<FastifyRequest, string>()
  // Every kind of body streams through; none is read here.
  app.removeAllContentTypeParsers()
  if (bodyTimeout !== undefined) {
    app.addHook('onRequest', async (request, reply) => expectBodySoon(request, reply, bodyTimeout))
  }
  if (callers) {
    app.addHook('onRequest', async (request) => {
      if (!SAFE_METHODS.has(request.method)) callers.guardAgainstForgery(request)
      const caller = await callers.identify(request)
      options.rates.countOperation(caller)
      const token = bearerOf(caller)
      if (token !== undefined) tokens.set(request, token)
    })
  }
  await app.register(httpProxy, {
    upstream: new URL(upstream).origin,
    prefix: path,
    rewritePrefix: path,
    httpMethods: ROUTES[path]!,
    disableRequestLogging: true,
    undici: { ...POOL, connect: { timeout: 2_000, ...options.identity.tls } } as never,
    replyOptions: {
      retryDelay: () => null,
      rewriteRequestHeaders: (request, headers) => {
        const asked = request as FastifyRequest
        const passedOn = requestHeaders(asked, headers, options, tokens.get(asked))
        return Object.assign(passedOn, signature(asked, passedOn, options))
      },
      rewriteHeaders: (headers) => answerHeaders(headers, options) as never,
      onError: (reply, { error }) => replyUnavailable(reply as FastifyReply, error, log),
    },
  })
}

const bearerOf = ({ viewer }: Caller) => (viewer === null ? undefined : `Bearer ${viewer.token}`)

type Headers = Record<string, string | string[] | undefined>

/** What only we say to a part (RFC 9421's headers among it), and what belongs to one connection (RFC 9110, 7.6.1). */
const NOT_PASSED_ON =
  /^(x-signalbox-.*|signature.*|content-digest|forwarded|x-forwarded-.*|x-real-ip|expect|te|trailer|upgrade|keep-alive|proxy-.*|transfer-encoding)$/

/** What only a part says to us, what belongs to its connection with us, and what the edge alone decides: who may read the answer. */
const NOT_PASSED_BACK = /^(x-signalbox-.*|x-request-id|access-control-.*|connection|keep-alive)$/

/** The body streams: it is not bound, but where it goes, for whom, and its type and length are. */
function signature(request: FastifyRequest, headers: Headers, { upstream, service, identity }: ProxyOptions) {
  if (identity.key === null) return {}
  const { method, url = '' } = request.raw
  const query = url.indexOf('?')
  // As the proxy sends it: with the path normalised, the query as it came.
  const { pathname } = new URL(query === -1 ? url : url.slice(0, query), upstream)
  const path = query === -1 ? pathname : pathname + url.slice(query)
  return signRequest(identity.key, { method: method!, path, headers }, { audience: service })
}

function requestHeaders(
  request: { id: string; ip: string },
  headers: Headers,
  options: ProxyOptions,
  token: string | undefined,
): Headers {
  const { publicUrl, cookies, callers } = options
  const { cookie, authorization, ...others } = headers
  const kept = Object.fromEntries(Object.entries(others).filter(([name]) => !NOT_PASSED_ON.test(name)))
  const passedOn = callers ? token : authorization
  const passedCookie = cookies.without(cookie as string | undefined)
  const { host, protocol } = new URL(publicUrl)
  return {
    ...kept,
    ...(passedOn === undefined ? {} : { authorization: passedOn }),
    ...(passedCookie === undefined ? {} : { cookie: passedCookie }),
    // OpenID Connect's addresses follow the host that is asked: always the public one.
    host,
    'x-forwarded-host': host,
    'x-forwarded-proto': protocol.slice(0, -1),
    'x-forwarded-for': request.ip,
    'x-request-id': request.id,
  }
}

function answerHeaders(headers: Headers, { isolate }: ProxyOptions): Headers {
  const kept = Object.fromEntries(Object.entries(headers).filter(([name]) => !NOT_PASSED_BACK.test(name)))
  return isolate ? { ...kept, 'content-security-policy': ISOLATION } : kept
}

function replyUnavailable(reply: FastifyReply, error: Error, log: Logger) {
  const status = (error as { statusCode?: number }).statusCode === 504 ? 504 : 502
  // The client was told that it is too slow.
  if (reply.sent) return
  log.warn({ err: error, requestId: reply.request.id }, 'part did not answer')
  void reply.code(status).send(errorBody(status))
}
