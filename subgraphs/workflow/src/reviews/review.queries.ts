import { Conditions, organizationsOf } from '../runs/run.queries.ts'
import type { ReviewFilter } from './review.inputs.ts'

/** Newest first, like the page of runs: each organisation and status in index order, merged. Workflows are ids here. */
export function reviewPageQuery(readable: string[], filter: ReviewFilter, limit: number, after: string | undefined) {
  const conditions = filterConditions(filter)
  if (after !== undefined) conditions.add('v.id < $::uuid', after)
  const organizations = conditions.parameter(organizationsOf(readable, filter))
  const statuses = filter.status?.length ? conditions.parameter(filter.status) : undefined
  const order = `order by v.id desc limit ${conditions.parameter(limit)}`
  const sql = `select v.* from unnest(${organizations}::uuid[]) as o (id)
    ${statuses === undefined ? '' : `cross join unnest(${statuses}::text[]) as s (status)`}
    cross join lateral (
      select v.* from workflow.reviews v where v.organization_id = o.id ${statuses === undefined ? '' : 'and v.status = s.status'}${conditions} ${order}
    ) v ${order}`
  return { sql, parameters: conditions.parameters }
}

/** The ids that the filter takes, of all reviews or of the given ones. */
export function reviewMatchQuery(readable: string[], filter: ReviewFilter, ids?: string[]) {
  const conditions = filterConditions(filter)
  if (filter.status?.length) conditions.add('v.status = any ($::text[])', filter.status)
  conditions.add('v.organization_id = any ($::uuid[])', organizationsOf(readable, filter))
  if (ids !== undefined) conditions.add('v.id = any ($::uuid[])', ids)
  return { where: `from workflow.reviews v where true${conditions}`, parameters: conditions.parameters }
}

function filterConditions(filter: ReviewFilter): Conditions {
  const conditions = new Conditions()
  if (filter.assignee != null) conditions.add('v.assignee_id = $::text', filter.assignee)
  if (filter.workflow != null) conditions.add('v.workflow_id = any ($::uuid[])', filter.workflow)
  if (filter.dueBefore != null) conditions.add('v.due_at < $::timestamptz', filter.dueBefore.toISOString())
  return conditions
}
