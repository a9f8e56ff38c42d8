import { Directive, UseMiddleware, type MiddlewareFn } from 'type-graphql'
import { ForbiddenError, UnauthenticatedError } from './errors.ts'
import type { Viewer } from './viewer.ts'

/** Every scope of the platform. Roles are bundles of them (auth subgraph). */
export const SCOPES = [
  'wrm:read',
  'wrm:write',
  'hitl:decide',
  'kb:read',
  'kb:write',
  'kpi:read',
  'telemetry:read',
  'audit:read',
  'org:admin',
  'workflow:publish',
] as const
export type Scope = (typeof SCOPES)[number]

/** What every subgraph's request context offers. */
export interface ViewerContext {
  viewer: Viewer | null
}

/** @throws {UnauthenticatedError} when nobody is signed in */
export function requireViewer(viewer: Viewer | null): Viewer {
  if (viewer === null) throw new UnauthenticatedError()
  return viewer
}

/** Demands a signed-in caller: written into the schema, so that the gateway checks it too, and checked again before resolving. */
export function Authenticated(): MethodDecorator & PropertyDecorator {
  return both(Directive('@authenticated'), guard([]))
}

/** Demands all the given scopes, at the gateway (`@requiresScopes`) and again here. */
export function RequiresScopes(...scopes: [Scope, ...Scope[]]): MethodDecorator & PropertyDecorator {
  return both(Directive(`@requiresScopes(scopes: [${JSON.stringify(scopes)}])`), guard(scopes))
}

function guard(scopes: Scope[]) {
  const middleware: MiddlewareFn<ViewerContext> = ({ context }, next) => {
    const viewer = requireViewer(context.viewer)
    const missing = scopes.filter((scope) => !viewer.scopes.has(scope))
    if (missing.length > 0) throw new ForbiddenError(`This needs the scope ${missing.join(' and ')}.`)
    return next()
  }
  return UseMiddleware(middleware)
}

function both(...decorators: unknown[]): MethodDecorator & PropertyDecorator {
  return (target: object, key: string | symbol, descriptor?: PropertyDescriptor) => {
    for (const decorate of decorators as ((...args: unknown[]) => void)[]) decorate(target, key, descriptor)
  }
}
