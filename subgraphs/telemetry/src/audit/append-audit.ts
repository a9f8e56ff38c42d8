import type { EntityManager } from '@mikro-orm/postgresql'
import type { AuditRecord } from '@signalbox/shared/audit'
import { CHAIN_START, hashOf, type ChainedEntry, type ChainLink } from '@signalbox/shared/audit-chain'

/** An entry as the event log has it. */
export interface LoggedAudit {
  organizationId: string
  position: number
  occurredAt: string
  payload: AuditRecord
}

/**
 * Adds entries to the chains of their organisations, in the order of the log, within the consumer's transaction: its position's lock lets one
 * process do so at a time. The heads move on in the same transaction.
 */
export async function appendAudit(em: EntityManager, events: LoggedAudit[]): Promise<void> {
  if (events.length === 0) return
  const heads = await readHeads(em, [...new Set(events.map((event) => event.organizationId))])
  const rows: object[] = []
  for (const [organizationId, entries] of Map.groupBy(events, (event) => event.organizationId)) {
    const from = heads.get(organizationId) ?? { sequence: 0, hash: CHAIN_START }
    let link = from
    for (const event of entries) {
      const entry = chained(event, link)
      link = { sequence: entry.sequence, hash: hashOf(entry) }
      rows.push(toRow(entry, event.position, link.hash))
    }
    await em.execute('select events.advance_audit_head(?::uuid, ?, ?, ?, ?)', [
      organizationId,
      from.sequence,
      from.hash,
      link.sequence,
      link.hash,
    ])
  }
  await insert(em, rows)
}

async function readHeads(em: EntityManager, organizationIds: string[]): Promise<Map<string, ChainLink>> {
  const rows = await em.execute<{ organization_id: string; sequence: string; hash: string }[]>(
    'select * from events.audit_heads(?::uuid[])',
    [`{${organizationIds.join()}}`],
  )
  return new Map(rows.map(({ organization_id, sequence, hash }) => [organization_id, { sequence: Number(sequence), hash }]))
}

function chained({ organizationId, occurredAt, payload }: LoggedAudit, after: ChainLink): ChainedEntry {
  return {
    organization: organizationId,
    sequence: after.sequence + 1,
    at: new Date(occurredAt).toISOString(),
    action: payload.action,
    outcome: payload.outcome,
    actor: payload.actor,
    scopes: payload.scopes,
    target: payload.target ?? null,
    details: payload.details ?? {},
    requestId: payload.requestId,
    operation: payload.operation,
    source: payload.source ?? null,
    previousHash: after.hash,
  }
}

const toRow = ({ actor, target, ...entry }: ChainedEntry, position: number, hash: string) => ({
  organization_id: entry.organization,
  sequence: entry.sequence,
  position,
  at: entry.at,
  action: entry.action,
  outcome: entry.outcome,
  actor_kind: actor?.kind ?? null,
  actor_id: actor?.id ?? null,
  scopes: entry.scopes,
  target_type: target?.type ?? null,
  target_id: target?.id ?? null,
  details: entry.details,
  request_id: entry.requestId,
  operation: entry.operation,
  source: entry.source,
  previous_hash: entry.previousHash,
  hash,
})

async function insert(em: EntityManager, rows: object[]): Promise<void> {
  const columns = `organization_id, sequence, position, at, action, outcome, actor_kind, actor_id, scopes, target_type, target_id, details,
     request_id, operation, source, previous_hash, hash`
  await em.execute(
    `insert into telemetry.audit_event (${columns}) select ${columns} from jsonb_to_recordset(?::jsonb) as r (organization_id uuid,
       sequence bigint, position bigint, at timestamptz, action text, outcome text, actor_kind text, actor_id text, scopes text[],
       target_type text, target_id text, details jsonb, request_id text, operation text, source text, previous_hash text, hash text)`,
    [JSON.stringify(rows)],
  )
}
