import type { Viewer } from '@signalbox/shared/viewer'
import type { SessionExchange } from '../session/session-exchange.ts'

/** What one operation carries through the gateway to the subgraphs. */
export interface OperationContext {
  requestId: string
  viewer: Viewer | null
  /** The client's. */
  address: string
  /** The access token ended but a refresh token is there: everything but a mutation is answered with UNAUTHENTICATED. */
  mustRefresh: boolean
  /** Headers that every subgraph gets: `authorization`, `x-request-id`, the client's address and agent. */
  forwarded: Record<string, string>
  /** The way of session tokens between auth and cookies; null where no cookie can be set. */
  session: SessionExchange | null
}
