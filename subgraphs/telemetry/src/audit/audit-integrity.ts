import { IsolationLevel, type EntityManager } from '@mikro-orm/postgresql'
import { CHAIN_START, faultAfter, type ChainLink } from '@signalbox/shared/audit-chain'
import { entryOf, type AuditRow } from './audit-row.ts'
import { AuditIntegrity } from './audit.types.ts'

const BATCH = 2_000

/**
 * Computes a chain again from its first kept entry to its head, in one snapshot. What was changed, removed, put in or moved shows at the first
 * entry that does not fit; removed last entries show against the head, which another owner keeps (`events.audit_head`).
 */
export function verifyChain(em: EntityManager, organizationId: string): Promise<AuditIntegrity> {
  return em.transactional(
    async (tx) => {
      const [head] = await tx.execute<Link[]>('select sequence, hash from events.audit_heads(array[?::uuid])', [organizationId])
      const [anchor] = await tx.execute<Link[]>('select sequence, hash from telemetry.audit_anchor where organization_id = ?', [
        organizationId,
      ])
      const start = anchor === undefined ? { sequence: 0, hash: CHAIN_START } : linkOf(anchor)
      const { last, fault } = await walk(tx, organizationId, start)
      return Object.assign(new AuditIntegrity(), {
        checked: last.sequence - start.sequence,
        head: head?.hash ?? null,
        entries: head === undefined ? 0 : Number(head.sequence),
        ...verdict(last, fault ?? faultAtEnd(last, head)),
      })
    },
    { isolationLevel: IsolationLevel.REPEATABLE_READ, readOnly: true },
  )
}

type Link = Pick<AuditRow, 'sequence' | 'hash'>

const linkOf = ({ sequence, hash }: Link): ChainLink => ({ sequence: Number(sequence), hash })

/** As far as the chain holds: the last entry that fits, and what is wrong with the one after it. */
async function walk(
  em: EntityManager,
  organizationId: string,
  start: ChainLink,
): Promise<{ last: ChainLink; fault: string | null }> {
  let last = start
  for (;;) {
    const rows = await em.execute<AuditRow[]>(
      'select * from telemetry.audit_event where organization_id = ? and sequence > ? order by sequence limit ?',
      [organizationId, last.sequence, BATCH],
    )
    for (const row of rows) {
      const fault = faultAfter(last, entryOf(row), row.hash)
      if (fault !== null) return { last, fault }
      last = linkOf(row)
    }
    if (rows.length < BATCH) return { last, fault: null }
  }
}

function faultAtEnd(last: ChainLink, head: Link | undefined): string | null {
  if (head === undefined) return last.sequence === 0 ? null : 'the head of the chain is missing'
  const { sequence, hash } = linkOf(head)
  if (sequence > last.sequence) return `entries ${last.sequence + 1} to ${sequence} are missing`
  if (sequence < last.sequence) return `entry ${sequence + 1} was put in after the head of the chain`
  return hash === last.hash ? null : `entry ${sequence} is not the one that the head of the chain names`
}

const verdict = (last: ChainLink, fault: string | null) => ({
  ok: fault === null,
  firstBroken: fault === null ? null : last.sequence + 1,
  fault,
})
