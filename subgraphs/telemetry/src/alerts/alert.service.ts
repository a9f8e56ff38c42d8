import type { EntityManager } from '@mikro-orm/postgresql'
import type { Audit } from '@signalbox/shared/audit'
import { decodeCursor, pageSize, toConnection } from '@signalbox/shared/connection'
import { ForbiddenError, NotFoundError } from '@signalbox/shared/errors'
import { isUuid } from '@signalbox/shared/ids'
import type { Logger } from '@signalbox/shared/logger'
import type { Viewer } from '@signalbox/shared/viewer'
import type { AlertFeed } from './alert-feed.ts'
import { wordsOf } from './alert-words.ts'
import { Alert, type AlertFilter } from './alert.types.ts'
import { RULES } from './rules.ts'

const COLUMNS = `id, organization_id as "organizationId", rule, severity, subject, subject_kind as "subjectKind", count::int as count,
  started_at as "startedAt", last_at as "lastAt", window_ends_at as "windowEndsAt", raised_at as "raisedAt", acknowledged_at as "acknowledgedAt",
  acknowledged_by_kind as "acknowledgedByKind", acknowledged_by_id as "acknowledgedById", extract(epoch from changed_at)::float8 * 1000 as "changedAt"`

type AlertRow = Omit<Alert, 'startedAt' | 'lastAt' | 'windowEndsAt' | 'raisedAt' | 'acknowledgedAt'> &
  Record<'startedAt' | 'lastAt' | 'windowEndsAt' | 'raisedAt', string> & { acknowledgedAt: string | null }

export class AlertService {
  constructor(
    private readonly em: EntityManager,
    private readonly viewer: () => Viewer,
    private readonly audit: Audit,
    private readonly feed: AlertFeed,
    private readonly log: Logger,
  ) {}

  async list(filter: AlertFilter, first: number | null, after: string | null) {
    const size = pageSize(first)
    const { sql, params } = this.#conditionOf(filter)
    const cursor = after === null ? null : alertId(decodeCursor<unknown>(after))
    const rows = await this.em.execute<AlertRow[]>(
      `select ${COLUMNS} from telemetry.alert where ${sql} ${cursor === null ? '' : 'and id < ?'} order by id desc limit ?`,
      [...params, ...(cursor === null ? [] : [cursor]), size + 1],
    )
    const count = async () => {
      const [row] = await this.em.execute<{ n: number }[]>(`select count(*)::int as n from telemetry.alert where ${sql}`, params)
      return row!.n
    }
    return toConnection(rows.map(toAlert), size, (alert) => alert.id, count, after !== null)
  }

  /**
   * Says that somebody has seen to it; the first one counts.
   * @throws {NotFoundError} for an alert that is not the viewer's; {ForbiddenError} for one of another readable organisation
   */
  async acknowledge(id: string): Promise<Alert> {
    return this.em.transactional(async (em) => {
      const alert = await this.#find(em, alertId(id))
      if (alert === null) throw new NotFoundError('alert')
      const { organizationId, actorKind, actorId } = this.viewer()
      if (alert.organizationId !== organizationId) {
        throw new ForbiddenError('Switch to the organisation of this alert to acknowledge it.')
      }
      const [row] = await em.execute<AlertRow[]>(
        `update telemetry.alert set acknowledged_at = clock_timestamp(), acknowledged_by_kind = ?, acknowledged_by_id = ?,
           changed_at = clock_timestamp()
         where organization_id = ? and id = ? and acknowledged_at is null returning ${COLUMNS}`,
        [actorKind, actorId, organizationId, alert.id],
      )
      if (row === undefined) return (await this.#find(em, alert.id))!
      const target = { type: 'Alert', id: alert.id }
      await this.audit.record(em, organizationId, {
        action: 'alert.acknowledged',
        outcome: 'ALLOWED',
        target,
        details: { rule: alert.rule },
      })
      await em.execute("select pg_notify('telemetry_alerts', ?)", [`${organizationId} ${alert.id}`])
      return toAlert(row)
    })
  }

  /** @throws {ForbiddenError} without audit:read: the guard of a subscription's resolver only runs for each event */
  follow(): AsyncIterableIterator<Alert> {
    const { organizationIds, scopes } = this.viewer()
    if (!scopes.has('audit:read')) throw new ForbiddenError('This needs the scope audit:read.')
    const reader = { one: (id: string) => this.#find(this.em, id), since: (ms: number) => this.#since(ms) }
    return this.feed.follow(organizationIds, reader, this.log)
  }

  async #find(em: EntityManager, id: string): Promise<Alert | null> {
    const [row] = await em.execute<AlertRow[]>(
      `select ${COLUMNS} from telemetry.alert where organization_id = any (?::uuid[]) and id = ?`,
      [`{${this.viewer().organizationIds.join()}}`, id],
    )
    return row === undefined ? null : toAlert(row)
  }

  async #since(ms: number): Promise<Alert[]> {
    const rows = await this.em.execute<AlertRow[]>(
      `select ${COLUMNS} from telemetry.alert where organization_id = any (?::uuid[]) and changed_at > to_timestamp(?::float8 / 1000)
       order by changed_at limit 100`,
      [`{${this.viewer().organizationIds.join()}}`, ms],
    )
    return rows.map(toAlert)
  }

  #conditionOf({ open, rule, organization }: AlertFilter) {
    const { organizationIds } = this.viewer()
    if (organization != null && !organizationIds.includes(organization)) throw new NotFoundError('organisation')
    const names = rule ?? RULES.map(({ name }) => name)
    const state = open == null ? '' : ` and acknowledged_at is ${open ? '' : 'not '}null`
    return {
      sql: `organization_id = any (?::uuid[]) and rule in (select jsonb_array_elements_text(?::jsonb))${state}`,
      params: [`{${organization ?? organizationIds.join()}}`, JSON.stringify(names)],
    }
  }
}

function alertId(id: unknown): string {
  if (typeof id !== 'string' || !isUuid(id)) throw new NotFoundError('alert')
  return id
}

function toAlert(row: AlertRow): Alert {
  const source = row.subjectKind === 'NETWORK' ? row.subject : null
  return Object.assign(new Alert(), row, wordsOf({ rule: row.rule, count: row.count, source }), {
    source,
    startedAt: new Date(row.startedAt),
    lastAt: new Date(row.lastAt),
    windowEndsAt: new Date(row.windowEndsAt),
    raisedAt: new Date(row.raisedAt),
    acknowledgedAt: row.acknowledgedAt === null ? null : new Date(row.acknowledgedAt),
  })
}
