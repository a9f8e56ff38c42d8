import httpProxy from '@fastify/http-proxy'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Logger } from '@signalbox/shared/logger'
import type { Caller, Callers } from '../session/caller.ts'
import type { SessionCookies } from '../session/session-cookies.ts'
import { REFRESH_HEADER, SESSION_HEADER } from '../session/session-exchange.ts'
import { errorBody } from './error-reply.ts'
import { ROUTES } from './not-found.ts'

export interface ProxyOptions {
  /** `/hooks`: passed on under the same path. */
  path: string
  /** Address of the part that answers; only its origin counts. */
  upstream: string
  publicUrl: string
  cookies: SessionCookies
  log: Logger
  /** Given: the caller is identified and its token passed on as bearer. Absent: `authorization` is passed on as it came. */
  callers?: Callers
  /** Sent with every answer: what comes from there must not run here. */
  isolate?: boolean
}

const SAFE_METHODS = new Set(['GET', 'HEAD'])
const ISOLATION = "default-src 'none'; sandbox; frame-ancestors 'none'"

/** Passes requests on to one part, bodies streaming both ways, however large; the part sets its own limits. */
export async function proxyRoute(app: FastifyInstance, options: ProxyOptions) {
  const { path, upstream, callers, log } = options
  const tokens = new WeakMap<FastifyRequest, string>()
  // Every kind of body streams through; none is read here.
  app.removeAllContentTypeParsers()
  if (callers) {
    app.addHook('onRequest', async (request) => {
      if (!SAFE_METHODS.has(request.method)) callers.guardAgainstForgery(request)
      const token = bearerOf(await callers.identify(request))
      if (token !== undefined) tokens.set(request, token)
    })
  }
  await app.register(httpProxy, {
    upstream: new URL(upstream).origin,
    prefix: path,
    rewritePrefix: path,
    httpMethods: ROUTES[path]!,
    disableRequestLogging: true,
    undici: { connections: 64, connect: { timeout: 2_000 }, headersTimeout: 60_000, bodyTimeout: 60_000 } as never,
    replyOptions: {
      retryDelay: () => null,
      rewriteRequestHeaders: (request, headers) =>
        requestHeaders(request, headers, options, tokens.get(request as never)) as never,
      rewriteHeaders: (headers) => answerHeaders(headers, options) as never,
      onError: (reply, { error }) => replyUnavailable(reply as FastifyReply, error, log),
    },
  })
}

const bearerOf = ({ viewer }: Caller) => (viewer === null ? undefined : `Bearer ${viewer.token}`)

type Headers = Record<string, string | string[] | undefined>

function requestHeaders(
  request: { id: string; ip: string },
  headers: Headers,
  options: ProxyOptions,
  token: string | undefined,
): Headers {
  const { publicUrl, cookies, callers } = options
  const { [REFRESH_HEADER]: _refresh, [SESSION_HEADER]: _session, cookie, authorization, ...kept } = headers
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
  const { [SESSION_HEADER]: _session, 'x-request-id': _id, ...kept } = headers
  return isolate ? { ...kept, 'content-security-policy': ISOLATION } : kept
}

function replyUnavailable(reply: FastifyReply, error: Error, log: Logger) {
  const status = (error as { statusCode?: number }).statusCode === 504 ? 504 : 502
  log.warn({ err: error, requestId: reply.request.id }, 'part did not answer')
  void reply.code(status).send(errorBody(status))
}
