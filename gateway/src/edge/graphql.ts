import type { ApolloServer } from '@apollo/server'
import { fastifyApolloHandler } from '@as-integrations/fastify'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { UnauthenticatedError } from '@signalbox/shared/errors'
import type { OperationContext } from '../execution/operation-context.ts'
import type { Caller, Callers } from '../session/caller.ts'
import type { SessionCookies } from '../session/session-cookies.ts'
import { SessionExchange } from '../session/session-exchange.ts'
import { expectBodySoon } from './body-timeout.ts'
import { refusalOf, type EdgeObserver } from './observer.ts'

export interface GraphqlRouteOptions {
  apollo: ApolloServer<OperationContext>
  callers: Callers
  cookies: SessionCookies
  observer: EdgeObserver
  /** Milliseconds. */
  bodyTimeout: number
}

/** `POST /graphql`: JSON, or `application/graphql` (n8n's raw mode), which is made JSON here. Register it in a scope of its own. */
export async function graphqlRoute(
  app: FastifyInstance,
  { apollo, callers, cookies, observer, bodyTimeout }: GraphqlRouteOptions,
) {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('application/json', { parseAs: 'string' }, app.getDefaultJsonParser('error', 'error'))
  app.addContentTypeParser('application/graphql', { parseAs: 'string' }, (request, body, done) => {
    request.headers['content-type'] = 'application/json'
    done(null, { query: body })
  })
  app.route({
    method: 'POST',
    url: '/graphql',
    onRequest: async (request, reply) => {
      callers.guardAgainstForgery(request, 'application/json')
      expectBodySoon(request, reply, bodyTimeout)
    },
    handler: fastifyApolloHandler(apollo, {
      context: async (request, reply) => {
        const caller = await identified(request, callers, observer)
        return {
          ...operationContext(request, caller),
          session: new SessionExchange(caller.refreshToken, cookies, reply),
        }
      },
    }) as never,
  })
}

/** What a token does not hold is refused before any operation is known. */
async function identified(request: FastifyRequest, callers: Callers, observer: EdgeObserver): Promise<Caller> {
  try {
    return await callers.identify(request)
  } catch (error) {
    if (error instanceof UnauthenticatedError) observer.onDenied(refusalOf(request, error))
    throw error
  }
}

/** The context of an operation that can set no cookie. */
export function operationContext(
  request: FastifyRequest,
  { viewer, mustRefresh }: Caller,
  requestId = request.id,
): OperationContext {
  const agent = request.headers['user-agent']
  return {
    requestId,
    viewer,
    mustRefresh,
    address: request.ip,
    forwarded: {
      'x-request-id': requestId,
      'x-forwarded-for': request.ip,
      ...(agent === undefined ? {} : { 'user-agent': agent }),
      ...(viewer === null ? {} : { authorization: `Bearer ${viewer.token}` }),
    },
    session: null,
  }
}
