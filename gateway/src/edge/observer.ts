import type { FastifyRequest } from 'fastify'
import type { AppError } from '@signalbox/shared/errors'
import { RevokedTokenError, type Viewer } from '@signalbox/shared/viewer'
import type { LimitName } from './rate-limits.ts'

/** Something that was asked for and refused. */
export interface Refusal {
  requestId: string
  /** The client's. */
  address: string
  viewer: Viewer | null
  /** The GraphQL operation's name, or the route; null where there was neither. */
  operation: string | null
  /** As the client sees them. */
  errors: readonly { message: string; extensions: Record<string, unknown> }[]
}

/** Hears of what the edge refuses, for audit and metrics. It may neither throw nor wait. */
export interface EdgeObserver {
  /** UNAUTHENTICATED or FORBIDDEN: no token, one that does not hold, a missing scope, a foreign page. */
  onDenied(refusal: Refusal): void
  onLimited(refusal: Refusal & { limit: LimitName }): void
}

export const NOBODY_OBSERVES: EdgeObserver = { onDenied: () => {}, onLimited: () => {} }

/** A request that was refused before anybody knew what it asks for. */
export function refusalOf(request: FastifyRequest, error: AppError): Refusal {
  const { http: _, ...extensions } = error.extensions
  return {
    requestId: request.id,
    address: request.ip,
    viewer: error instanceof RevokedTokenError ? error.viewer : null,
    operation: request.routeOptions.url ?? null,
    errors: [{ message: error.message, extensions }],
  }
}
