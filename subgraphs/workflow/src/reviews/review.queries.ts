import type { Viewer } from '@signalbox/shared/viewer'
import { Conditions, organizationsOf } from '../runs/run.queries.ts'
import type { ReviewFilter } from './review.inputs.ts'

/** Newest first, like the page of runs: each organisation and status in index order, merged. Workflows are ids here. */
export function reviewPageQuery(viewer: Viewer, filter: ReviewFilter, limit: number, after: string | undefined) {
  const conditions = filterConditions(viewer, filter)
  if (after !== undefined) conditions.add('v.id < $::uuid', after)
  const organizations = conditions.parameter(organizationsOf(viewer.organizationIds, filter))
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
export function reviewMatchQuery(viewer: Viewer, filter: ReviewFilter, ids?: string[]) {
  const conditions = filterConditions(viewer, filter)
  if (filter.status?.length) conditions.add('v.status = any ($::text[])', filter.status)
  conditions.add('v.organization_id = any ($::uuid[])', organizationsOf(viewer.organizationIds, filter))
  if (ids !== undefined) conditions.add('v.id = any ($::uuid[])', ids)
  return { where: `from workflow.reviews v where true${conditions}`, parameters: conditions.parameters }
}

function filterConditions(viewer: Viewer, filter: ReviewFilter): Conditions {
  const conditions = new Conditions()
  if (filter.assignee != null) conditions.add('v.assignee_id = $::text', filter.assignee)
  if (filter.workflow != null) conditions.add('v.workflow_id = any ($::uuid[])', filter.workflow)
  if (filter.dueBefore != null) conditions.add('v.due_at < $::timestamptz', filter.dueBefore.toISOString())
  if (filter.role != null) conditions.add('v.role = $::text', filter.role)
  if (filter.claimedBy != null) conditions.add(CLAIMED_BY, filter.claimedBy)
  if (filter.mine === true) conditions.add(`(v.assignee_id = $::text or ${CLAIMED_BY})`, viewer.actorId)
  if (filter.overdue != null)
    conditions.add(`(v.status = 'OPEN' and v.due_at < clock_timestamp()) is not distinct from $::boolean`, filter.overdue)
  return conditions
}

const CLAIMED_BY = '(v.claimed_by_id = $::text and v.claimed_until > clock_timestamp())'
