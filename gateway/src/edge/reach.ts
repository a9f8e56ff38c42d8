import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { ForbiddenError } from '@signalbox/shared/errors'
import { isOwnOrigin } from '../session/origin.ts'
import type { SessionCookies } from '../session/session-cookies.ts'
import { errorBody } from './error-reply.ts'
import { ROUTES, routeOf } from './not-found.ts'
import type { EdgeSettings } from './settings.ts'

/** Answer to everybody: an orchestrator asks by an address of its own. */
const PROBES = new Set(['/health', '/ready'])
const LOOPBACK = /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/

const MAX_HEADERS = 100
/** An access token of an agency with 400 clients has 12 KB (`shared/src/viewer.ts`). */
const MAX_COOKIE = 14 * 1024
const ALLOWED_HEADERS = 'authorization, content-type, x-request-id, x-signalbox-csrf'
const EXPOSED_HEADERS = 'retry-after, x-request-id'

export interface ReachOptions {
  settings: EdgeSettings
  publicUrl: string
  cookies: SessionCookies
}

/**
 * Decides by the headers alone whether a request is meant for us and may come from where it comes from: number of headers, host, origin.
 * What belongs to this gateway's own page or to no page at all passes; other pages need `CORS_ORIGINS`.
 */
export function guardReach(app: FastifyInstance, options: ReachOptions) {
  const { trustedHosts, corsOrigins } = options.settings
  app.addHook('onRequest', async (request, reply) => {
    if (isOverfull(request)) return reply.code(431).send(errorBody(431))
    const host = request.headers.host?.toLowerCase() ?? ''
    if (!PROBES.has(request.url) && !LOOPBACK.test(host) && !trustedHosts.includes(host)) {
      return reply.code(421).send(errorBody(421))
    }
    if (request.ws && request.url.split('?')[0] !== '/graphql') return reply.code(404).send(errorBody(404))
    const { origin } = request.headers
    if (origin === undefined || isOwnOrigin(origin, options.publicUrl)) return undefined
    reply.header('vary', 'origin')
    if (corsOrigins.includes(origin)) return admitOrigin(request, reply, origin)
    if (request.method === 'OPTIONS' || options.cookies.arePresent(request))
      throw new ForbiddenError('This page may not call Signalbox.')
    return undefined
  })
}

const isOverfull = ({ raw, headers }: FastifyRequest) =>
  raw.rawHeaders.length / 2 > MAX_HEADERS || (headers.cookie?.length ?? 0) > MAX_COOKIE

/** The Fetch Standard's CORS protocol for an origin of the list. */
function admitOrigin(request: FastifyRequest, reply: FastifyReply, origin: string) {
  reply.headers({ 'access-control-allow-origin': origin, 'access-control-allow-credentials': 'true' })
  reply.header('access-control-expose-headers', EXPOSED_HEADERS)
  if (request.method !== 'OPTIONS' || request.headers['access-control-request-method'] === undefined) return undefined
  const methods = ROUTES[routeOf(request.url.split('?')[0]!) ?? ''] ?? ['GET', 'HEAD']
  return reply
    .headers({
      'access-control-allow-methods': methods.join(', '),
      'access-control-allow-headers': ALLOWED_HEADERS,
      'access-control-max-age': '600',
    })
    .code(204)
    .send()
}
