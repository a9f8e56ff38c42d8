import { CHAIN_START, faultAfter, type ChainedEntry, type ChainLink } from '@signalbox/shared/audit-chain'
import type { AuditExport } from './arguments.ts'
import { AUDIT_HEAD, AUDIT_PAGE } from './operations.ts'
import type { Session } from './session.ts'

interface Node extends Omit<ChainedEntry, 'organization' | 'actor'> {
  actorKind: string | null
  actorId: string | null
  organization: { id: string }
  hash: string
}

interface Page {
  auditEvents: { nodes: Node[]; pageInfo: { hasNextPage: boolean; endCursor: string | null } }
}

interface Head {
  auditIntegrity: { entries: number; head: string | null }
  viewer: { organization: { id: string } }
}

export interface ExportSummary {
  entries: number
  /** What is wrong with the chain, in plain words; the export ends there. */
  fault: string | null
}

/**
 * Writes the trail of the client's organisation, oldest first, a page at a time, and computes each hash again as it goes. Everything up to
 * the newest entry is also held against the head of the chain.
 */
export async function exportAudit(
  session: Session,
  { format, from, to }: AuditExport,
  write: (line: string) => unknown,
): Promise<ExportSummary> {
  const { viewer, auditIntegrity } = await session.endpoint.execute<Head>(AUDIT_HEAD)
  const filter = { organization: viewer.organization.id, from, to }
  if (format === 'csv') write(COLUMNS.join())
  let last: ChainLink | undefined
  let entries = 0
  for (let after: string | null = null; ;) {
    const { auditEvents }: Page = await session.endpoint.execute<Page>(AUDIT_PAGE, { filter, after })
    for (const node of auditEvents.nodes) {
      const entry = entryOf(node)
      last ??= { sequence: entry.sequence - 1, hash: entry.sequence === 1 ? CHAIN_START : entry.previousHash }
      const fault = faultAfter(last, entry, node.hash)
      if (fault !== null) return { entries, fault: `The chain is broken: ${fault}.` }
      write(format === 'csv' ? toCsv(entry, node.hash) : JSON.stringify({ ...entry, hash: node.hash }))
      last = { sequence: entry.sequence, hash: node.hash }
      entries += 1
    }
    if (!auditEvents.pageInfo.hasNextPage) break
    after = auditEvents.pageInfo.endCursor
  }
  return { entries, fault: to === undefined ? faultAtEnd(last, auditIntegrity) : null }
}

/** The head was read before the entries: they reach it, or go on after it. */
function faultAtEnd(last: ChainLink | undefined, { entries, head }: Head['auditIntegrity']): string | null {
  if (entries === 0 || last === undefined || last.sequence > entries) return null
  if (last.sequence < entries) return `The chain is broken: entries ${last.sequence + 1} to ${entries} are missing.`
  return last.hash === head ? null : `The chain is broken: entry ${entries} is not the one that its head names.`
}

function entryOf(listed: Node): ChainedEntry {
  const { actorKind, actorId, organization, hash: _, at, ...node } = listed
  const actor = actorKind === null && actorId === null ? null : { kind: actorKind ?? '', id: actorId ?? '' }
  return { organization: organization.id, ...node, at: new Date(at).toISOString(), actor }
}

const COLUMNS = [
  'sequence',
  'at',
  'action',
  'outcome',
  'actorKind',
  'actorId',
  'targetType',
  'targetId',
  'operation',
  'requestId',
  'source',
  'scopes',
  'details',
  'previousHash',
  'hash',
]

function toCsv(entry: ChainedEntry, hash: string): string {
  const { actor, target } = entry
  const values = [
    entry.sequence,
    entry.at,
    entry.action,
    entry.outcome,
    actor?.kind,
    actor?.id,
    target?.type,
    target?.id,
    entry.operation,
    entry.requestId,
    entry.source,
    entry.scopes.join(' '),
    JSON.stringify(entry.details),
    entry.previousHash,
    hash,
  ]
  return values.map((value) => csvCell(String(value ?? ''))).join()
}

/** RFC 4180; what a spreadsheet would run as a formula begins with an apostrophe. */
function csvCell(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
