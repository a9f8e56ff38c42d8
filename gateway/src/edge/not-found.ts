import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { errorBody } from './error-reply.ts'

/** What is served, and how, so that a wrong method is told from a wrong path. */
export const ROUTES: Record<string, string[]> = {
  '/graphql': ['POST'],
  '/health': ['GET', 'HEAD'],
  '/ready': ['GET', 'HEAD'],
  '/oidc': ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'OPTIONS'],
  '/.well-known': ['GET', 'HEAD'],
  '/hooks': ['POST'],
  '/artifacts': ['GET', 'HEAD', 'POST', 'PUT'],
}

/** Routes that own every path below them. */
const TREES = new Set(['/oidc', '/.well-known', '/hooks', '/artifacts'])

/** The route that a path belongs to, if any. */
export const routeOf = (path: string) =>
  Object.keys(ROUTES).find((route) => path === route || (TREES.has(route) && path.startsWith(`${route}/`)))

/** Everything that no route takes. @param sendPage answers a browser that navigates to one of the dashboard's addresses */
export function installNotFound(
  app: FastifyInstance,
  sendPage?: (request: FastifyRequest, reply: FastifyReply) => FastifyReply | undefined,
) {
  app.setNotFoundHandler((request, reply) => {
    const path = request.url.split('?')[0]!
    const route = routeOf(path)
    const methods = route === undefined ? undefined : ROUTES[route]
    if (methods && app.hasRoute({ url: route!, method: methods[0] as 'GET' }) && !methods.includes(request.method)) {
      return reply.code(405).header('allow', methods.join(', ')).send(errorBody(405))
    }
    const isNavigation = route === undefined && ['GET', 'HEAD'].includes(request.method) && !/\.[\w]+$/.test(path)
    return (isNavigation ? sendPage?.(request, reply) : undefined) ?? reply.code(404).send(errorBody(404))
  })
}
