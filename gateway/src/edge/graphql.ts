import type { ApolloServer } from '@apollo/server'
import { fastifyApolloHandler } from '@as-integrations/fastify'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { OperationContext } from '../execution/operation-context.ts'
import type { Caller, Callers } from '../session/caller.ts'
import type { SessionCookies } from '../session/session-cookies.ts'
import { SessionExchange } from '../session/session-exchange.ts'

export interface GraphqlRouteOptions {
  apollo: ApolloServer<OperationContext>
  callers: Callers
  cookies: SessionCookies
}

/** `POST /graphql`: JSON, or `application/graphql` (n8n's raw mode), which is made JSON here. Register it in a scope of its own. */
export async function graphqlRoute(app: FastifyInstance, { apollo, callers, cookies }: GraphqlRouteOptions) {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('application/json', { parseAs: 'string' }, app.getDefaultJsonParser('error', 'error'))
  app.addContentTypeParser('application/graphql', { parseAs: 'string' }, (request, body, done) => {
    request.headers['content-type'] = 'application/json'
    done(null, { query: body })
  })
  app.route({
    method: 'POST',
    url: '/graphql',
    onRequest: async (request) => callers.guardAgainstForgery(request, 'application/json'),
    handler: fastifyApolloHandler(apollo, {
      context: async (request, reply) => {
        const caller = await callers.identify(request)
        return {
          ...operationContext(request, caller),
          session: new SessionExchange(caller.refreshToken, cookies, reply),
        }
      },
    }) as never,
  })
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
    forwarded: {
      'x-request-id': requestId,
      'x-forwarded-for': request.ip,
      ...(agent === undefined ? {} : { 'user-agent': agent }),
      ...(viewer === null ? {} : { authorization: `Bearer ${viewer.token}` }),
    },
    session: null,
  }
}
