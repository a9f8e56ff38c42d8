import type { EntityManager } from '@mikro-orm/postgresql'
import { inScope, type Scope } from '../organizations/scope.ts'
import type { ReviewLoad } from './staff-relief.ts'
import type { TimeRange } from './time-range.ts'

/** The reviews of production runs that were decided in the range. */
export async function readReviewLoad(em: EntityManager, scope: Scope, { from, to }: TimeRange): Promise<ReviewLoad> {
  const { sql, params } = inScope(scope)
  const [row] = await em.execute<Record<string, string>[]>(
    `select count(*) as decisions, count(distinct decided_by) as people, count(due_at) as "withDue",
       count(*) filter (where decided_at > due_at) as overdue,
       count(*) filter (where not telemetry.in_office_hours(decided_at, coalesce(time_zone, 'UTC'))) as "outsideOfficeHours"
     from (select organization_id, run_id from telemetry.run where ${sql} and production) r
     join telemetry.review_decision d using (organization_id, run_id)
     left join telemetry.organization o using (organization_id)
     where d.decided_at >= ?::timestamptz and d.decided_at < ?::timestamptz`,
    [...params, from.toISOString(), to.toISOString()],
  )
  return Object.fromEntries(Object.entries(row!).map(([name, value]) => [name, Number(value)])) as unknown as ReviewLoad
}
