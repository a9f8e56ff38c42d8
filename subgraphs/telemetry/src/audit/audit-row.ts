import type { ChainedEntry } from '@signalbox/shared/audit-chain'

/** A row of `telemetry.audit_event` as the database gives it. */
export interface AuditRow {
  organization_id: string
  sequence: string
  position: string
  at: string | Date
  action: string
  outcome: string
  actor_kind: string | null
  actor_id: string | null
  scopes: string[]
  target_type: string | null
  target_id: string | null
  details: Record<string, unknown>
  request_id: string | null
  operation: string | null
  source: string | null
  previous_hash: string
  hash: string
}

/** What was hashed when the row was written, from every column that says something. */
export function entryOf(row: AuditRow): ChainedEntry {
  return {
    organization: row.organization_id,
    sequence: Number(row.sequence),
    at: new Date(row.at).toISOString(),
    action: row.action,
    outcome: row.outcome,
    actor: pair(row.actor_kind, row.actor_id, (kind, id) => ({ kind, id })),
    scopes: row.scopes,
    target: pair(row.target_type, row.target_id, (type, id) => ({ type, id })),
    details: row.details,
    requestId: row.request_id,
    operation: row.operation,
    source: row.source,
    previousHash: row.previous_hash,
  }
}

/** Half a pair is kept too: it was not written like that, and the hash shall show it. */
function pair<T>(first: string | null, second: string | null, make: (first: string, second: string) => T): T | null {
  return first === null && second === null ? null : make(first ?? '', second ?? '')
}
