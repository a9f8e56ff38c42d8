import type { EntityManager } from '@mikro-orm/postgresql'
import { decodeCursor, pageSize, toConnection } from '@signalbox/shared/connection'
import { BadUserInputError, NotFoundError } from '@signalbox/shared/errors'
import { isUuid } from '@signalbox/shared/ids'
import type { Viewer } from '@signalbox/shared/viewer'
import { verifyChain } from './audit-integrity.ts'
import { entryOf, type AuditRow } from './audit-row.ts'
import { AuditEvent, AuditOrder, type AuditFilter, type AuditIntegrity } from './audit.types.ts'

export interface AuditPage {
  filter: AuditFilter
  order: AuditOrder
  first: number | null
  after: string | null
}

/** Reads the trail of the organisations that the viewer may read; nothing here writes it. */
export class AuditService {
  constructor(
    private readonly em: EntityManager,
    private readonly viewer: () => Viewer,
  ) {}

  async list({ filter, order, first, after }: AuditPage) {
    const size = pageSize(first)
    const { sql, params } = conditionOf(filter, this.#organizations(filter.organization))
    const forward = order === AuditOrder.OLDEST_FIRST
    const cursor = after === null ? null : positionOf(after)
    const rows = await this.em.execute<AuditRow[]>(
      `select * from telemetry.audit_event where ${sql} ${cursor === null ? '' : `and position ${forward ? '>' : '<'} ?`}
       order by position ${forward ? 'asc' : 'desc'} limit ?`,
      [...params, ...(cursor === null ? [] : [cursor]), size + 1],
    )
    const count = async () => {
      const [row] = await this.em.execute<{ n: number }[]>(
        `select count(*)::int as n from telemetry.audit_event where ${sql}`,
        params,
      )
      return row!.n
    }
    return toConnection(rows.map(toEvent), size, (event) => event.position, count, after !== null)
  }

  /** @throws {NotFoundError} for an organisation that the viewer may not read */
  verify(organization: string | null): Promise<AuditIntegrity> {
    const [organizationId] = organization === null ? [this.viewer().organizationId] : this.#organizations(organization)
    return verifyChain(this.em, organizationId!)
  }

  #organizations(only: string | null | undefined): string[] {
    const { organizationIds } = this.viewer()
    if (only == null) return organizationIds
    if (!organizationIds.includes(only)) throw new NotFoundError('organisation')
    return [only]
  }
}

function conditionOf({ action, outcome, actorId, from, to, search }: AuditFilter, organizations: string[]) {
  checkRange(from, to)
  const text = search
    ?.trim()
    .slice(0, 200)
    .replaceAll(/[\\%_\0]/g, (sign) => (sign === '\0' ? '' : `\\${sign}`))
  const conditions: [sql: string, ...params: unknown[]][] = [['organization_id = any (?::uuid[])', `{${organizations.join()}}`]]
  if (action != null && action.length > 0)
    conditions.push(['action in (select jsonb_array_elements_text(?::jsonb))', JSON.stringify(action)])
  if (outcome != null) conditions.push(['outcome = ?', outcome])
  if (actorId != null) conditions.push(['actor_id = ?', actorId])
  if (from != null) conditions.push(['at >= ?::timestamptz', from.toISOString()])
  if (to != null) conditions.push(['at < ?::timestamptz', to.toISOString()])
  if (text) {
    conditions.push([
      "concat_ws(' ', request_id, operation, action, actor_id, target_id, target_type, source) ilike ?",
      `%${text}%`,
    ])
  }
  return { sql: conditions.map(([sql]) => sql).join(' and '), params: conditions.flatMap(([, ...params]) => params) }
}

function checkRange(from: Date | null | undefined, to: Date | null | undefined) {
  if (from == null || to == null || from < to) return
  throw new BadUserInputError('"From" must be before "to".', [{ path: 'filter.from', message: 'before filter.to' }])
}

function positionOf(cursor: string): number {
  const position = decodeCursor<unknown>(cursor)
  if (Number.isSafeInteger(position)) return position as number
  throw new BadUserInputError('The cursor is not one that this list gave.', [
    { path: 'after', message: 'not a cursor of this list' },
  ])
}

function toEvent(row: AuditRow): AuditEvent {
  const { organization, at, actor, ...entry } = entryOf(row)
  return Object.assign(new AuditEvent(), entry, {
    id: `${organization}:${entry.sequence}`,
    position: Number(row.position),
    organizationId: organization,
    at: new Date(at),
    actor,
    actorKind: actor?.kind ?? null,
    actorId: actor?.id ?? null,
    hash: row.hash,
  })
}

/** The person whom an entry is about, where that is somebody else than the actor. */
export function personOf({ target, details }: AuditEvent): string | null {
  const id = target?.type === 'User' ? target.id : details['userId']
  return typeof id === 'string' && isUuid(id) ? id : null
}
