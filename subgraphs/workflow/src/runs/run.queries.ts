import { toText } from '../json.ts'
import { isUuid } from '@signalbox/shared/ids'
import type { RunFilter } from './run.inputs.ts'
import { RunOrder } from './run.inputs.ts'

/** SQL text that grows with its parameters. */
export class Conditions {
  readonly parameters: unknown[] = []
  readonly #parts: string[] = []

  /** `$` in the text stands for the value. */
  add(text: string, value: unknown) {
    this.parameters.push(
      typeof value === 'string' ? toText(value) : Array.isArray(value) ? value.map((one) => toText(String(one))) : value,
    )
    this.#parts.push(text.replaceAll('$', () => `$${this.parameters.length}`))
  }

  parameter(value: unknown): string {
    this.parameters.push(value)
    return `$${this.parameters.length}`
  }

  /** `and …` for each condition. */
  toString() {
    return this.#parts.map((part) => ` and ${part}`).join('')
  }
}

export interface RunWindow {
  order: RunOrder
  /** Rows to return, one more than the page. */
  limit: number
  /** Exclusive ends of the window, ids. */
  after?: string | undefined
  before?: string | undefined
  /** Whether to read from the far end (`last`). */
  backwards: boolean
}

/**
 * The organisations (all that are readable, or those of the filter among them) and statuses are taken one by one, each in index order,
 * and merged: a plain `= any(…)` would read and sort all of an organisation's runs.
 */
export function runPageQuery(readable: string[], filter: RunFilter, window: RunWindow): { sql: string; parameters: unknown[] } {
  const conditions = filterConditions(filter)
  const descending = (window.order === RunOrder.NEWEST_FIRST) !== window.backwards
  const [behind, ahead] = window.order === RunOrder.NEWEST_FIRST ? ['<', '>'] : ['>', '<']
  if (window.after !== undefined) conditions.add(`r.id ${behind} $::uuid`, window.after)
  if (window.before !== undefined) conditions.add(`r.id ${ahead} $::uuid`, window.before)
  const organizations = conditions.parameter(organizationsOf(readable, filter))
  const statuses = filter.status?.length ? conditions.parameter(filter.status) : undefined
  const limit = conditions.parameter(window.limit)
  const order = `order by r.id ${descending ? 'desc' : 'asc'} limit ${limit}`
  const sql = `select r.* from unnest(${organizations}::uuid[]) as o (id)
    ${statuses === undefined ? '' : `cross join unnest(${statuses}::text[]) as s (status)`}
    cross join lateral (
      select r.* from workflow.runs r where r.organization_id = o.id ${statuses === undefined ? '' : 'and r.status = s.status'}${conditions} ${order}
    ) r ${order}`
  return { sql, parameters: conditions.parameters }
}

export function runCountQuery(readable: string[], filter: RunFilter): { sql: string; parameters: unknown[] } {
  const conditions = filterConditions(filter)
  if (filter.status?.length) conditions.add('r.status = any ($::text[])', filter.status)
  const organizations = conditions.parameter(organizationsOf(readable, filter))
  const sql = `select count(*)::int as count from workflow.runs r where r.organization_id = any (${organizations}::uuid[])${conditions}`
  return { sql, parameters: conditions.parameters }
}

/** Which of the given runs the filter takes. */
export function runMatchQuery(readable: string[], filter: RunFilter, ids: string[]): { sql: string; parameters: unknown[] } {
  const conditions = filterConditions(filter)
  if (filter.status?.length) conditions.add('r.status = any ($::text[])', filter.status)
  conditions.add('r.organization_id = any ($::uuid[])', organizationsOf(readable, filter))
  conditions.add('r.id = any ($::uuid[])', ids)
  return { sql: `select r.id from workflow.runs r where true${conditions}`, parameters: conditions.parameters }
}

/** `from … where …` of one organisation's runs that the filter takes; the statuses of the filter, too. */
export function runSetQuery(organizationId: string, filter: RunFilter): { sql: string; parameters: unknown[] } {
  const conditions = filterConditions(filter)
  if (filter.status?.length) conditions.add('r.status = any ($::text[])', filter.status)
  conditions.add('r.organization_id = any ($::uuid[])', organizationsOf([organizationId], filter))
  return { sql: `from workflow.runs r where true${conditions}`, parameters: conditions.parameters }
}

export const organizationsOf = (readable: string[], filter: { organization?: string[] | null }) =>
  filter.organization == null ? readable : readable.filter((id) => filter.organization!.includes(id))

/** Everything but organisation and status. */
function filterConditions(filter: RunFilter): Conditions {
  const conditions = new Conditions()
  // Ids here; the service has resolved slugs. One id keeps the order of the index.
  if (filter.workflow?.length === 1) conditions.add('r.workflow_id = $::uuid', filter.workflow[0])
  else if (filter.workflow != null) conditions.add('r.workflow_id = any ($::uuid[])', filter.workflow)
  if (filter.tag != null) conditions.add('r.tags @> array[$::text]', filter.tag)
  if (filter.trigger?.length) conditions.add('r.trigger = any ($::text[])', filter.trigger)
  if (filter.from != null) conditions.add('r.queued_at >= $::timestamptz', filter.from.toISOString())
  if (filter.to != null) conditions.add('r.queued_at < $::timestamptz', filter.to.toISOString())
  if (filter.caseId != null) conditions.add('r.case_id = $::text', filter.caseId)
  if (filter.failureCode?.length) conditions.add(`r.failure ->> 'code' = any ($::text[])`, filter.failureCode)
  if (filter.ids != null) conditions.add('r.id = any ($::uuid[])', filter.ids.filter(isUuid))
  if (filter.failureGroup?.length) conditions.add('r.failure_group = any ($::text[])', filter.failureGroup)
  if (filter.handled != null) {
    conditions.add(`(r.status in ('FAILED', 'EXPIRED') and (r.handled_at is not null) = $::boolean)`, filter.handled)
  }
  if (filter.waitingOn != null) {
    conditions.add(
      `exists (select from workflow.reviews v where v.organization_id = r.organization_id and v.run_id = r.id and v.status = 'OPEN' and v.assignee_id = $::text)`,
      filter.waitingOn,
    )
  }
  const search = filter.search?.trim()
  if (search) {
    if (isUuid(search)) conditions.add('r.id = $::uuid', search)
    else conditions.add(`r.search @@ plainto_tsquery('simple', $::text)`, search)
  }
  return conditions
}
