import type { EntityManager } from '@mikro-orm/postgresql'
import { maskValue, networkOf } from './masking.ts'
import type { RequestInfo } from './server.ts'
import type { Viewer } from './viewer.ts'

/** What the audit trail tells of: `<noun>.<what happened>`. */
export type AuditAction =
  | 'code.requested'
  | 'code.refused'
  | 'sign_in.succeeded'
  | 'sign_in.failed'
  | 'session.ended'
  | 'refresh.reused'
  | 'token.issued'
  | 'token.refused'
  | 'consent.granted'
  | 'access.denied'
  | 'rate.limited'
  | 'phone.confirmed'
  | 'phone.removed'
  | 'organization.created'
  | 'organization.changed'
  | 'member.invited'
  | 'invitation.resent'
  | 'invitation.withdrawn'
  | 'member.joined'
  | 'member.role_changed'
  | 'member.removed'
  | 'service_client.created'
  | 'service_client.secret_rotated'
  | 'service_client.revoked'
  | 'signing_key.rotated'
  | 'encryption_key.rotated'
  | 'credential.saved'
  | 'credential.deleted'
  | 'account.saved'
  | 'account.deleted'
  | 'account.connected'
  | 'tool.saved'
  | 'tool.deleted'
  | 'tool.tried'
  | 'document.deleted'
  | 'knowledge_base.deleted'
  | 'review.decided'
  | 'review.voted'
  | 'review.assigned'
  | 'review.delegated'
  | 'review.secret_rotated'
  | 'workflow.published'
  | 'workflow.rolled_back'
  | 'run.cancelled'
  | 'run.signalled'
  | 'trigger.created'
  | 'trigger.changed'
  | 'trigger.secret_rotated'
  | 'trigger.deleted'
  | 'run.paused'
  | 'run.resumed'
  | 'run.retried'
  | 'run.replayed'
  | 'run.forked'
  | 'runs.acted_on'
  | 'runs.dismissed'
  | 'run_limits.changed'
  | 'alert.acknowledged'
  | 'audit.forgotten'

export interface AuditEntry {
  action: AuditAction
  outcome: 'ALLOWED' | 'DENIED' | 'FAILED'
  /** What was acted on: `{ type: 'Membership', id }`. */
  target?: { type: string; id: string }
  /** Few and small; never a secret, an address or an input. */
  details?: Record<string, string | number | boolean | null>
}

/** As it stands in the event log. */
export interface AuditRecord extends AuditEntry {
  actor: { kind: string; id: string } | null
  scopes: string[]
  requestId: string | null
  /** The GraphQL operation or the route. */
  operation: string | null
  /** The client's network: its address without the last part (`203.0.113.0/24`). */
  source: string | null
}

/** What of a request goes into its entries. */
export type AuditedRequest = Pick<RequestInfo, 'viewer' | 'requestId' | 'headers'>

/** Where an entry comes from: one request of one caller, or a job of Signalbox itself. */
export interface AuditSource {
  viewer: Pick<Viewer, 'actorKind' | 'actorId' | 'scopes'> | null
  requestId?: string
  operation?: string
  source?: string
}

/**
 * Writes entries of the audit trail through the event log, in the manager's transaction: an act and its entry are kept together or not at
 * all. A refusal is written outside of the transaction that it ends.
 */
export class Audit {
  constructor(private readonly source: AuditSource) {}

  /** The entries of one request, or of one subscription, that came through the gateway. @param viewer when the request changed who calls: a sign-in */
  static of({ requestId, headers, ...request }: AuditedRequest, viewer: AuditSource['viewer'] = request.viewer): Audit {
    const [operation, address] = [headers['x-signalbox-operation'], headers['x-forwarded-for']]
    const source = typeof address === 'string' ? networkOf(address) : null
    return new Audit({
      viewer,
      requestId,
      ...(typeof operation === 'string' ? { operation: operation.slice(0, 200) } : {}),
      ...(source === null ? {} : { source }),
    })
  }

  /** @param organizationId null: the platform's own trail, where no organisation is known @param actor when it is not the caller */
  async record(
    em: EntityManager,
    organizationId: string | null,
    entry: AuditEntry,
    actor: AuditRecord['actor'] = this.#caller(),
  ): Promise<void> {
    const { viewer, requestId, operation, source } = this.source
    const record: AuditRecord = {
      ...entry,
      ...(entry.details && { details: maskValue(entry.details) as NonNullable<AuditEntry['details']> }),
      actor,
      scopes: [...(viewer?.scopes ?? [])],
      requestId: requestId ?? null,
      operation: operation ?? null,
      source: source ?? null,
    }
    await em.execute('select events.audit(?::uuid, ?::jsonb)', [organizationId, JSON.stringify(record)])
  }

  #caller(): AuditRecord['actor'] {
    const { viewer } = this.source
    return viewer && { kind: viewer.actorKind, id: viewer.actorId }
  }
}
