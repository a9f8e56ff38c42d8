import type { EntityManager } from '@mikro-orm/postgresql'
import { inScope, type Scope } from '../organizations/scope.ts'
import { medianRanks, type Interval } from './statistics.ts'
import type { TimeRange } from './time-range.ts'

/** What the cases that closed in a range add up to: the raw material of four of the five figures. Hours and minutes as named. */
export interface CaseFigures {
  closed: number
  timed: number
  p50: number | null
  p90: number | null
  businessP50: number | null
  businessP90: number | null
  queueHours: number | null
  machineHours: number | null
  humanWaitHours: number | null
  retryWaitHours: number | null
  wallHours: number | null
  goalsKnown: number
  goalsMet: number
  reviewed: number
  accepted: number
  acceptance: number | null
  successful: number
  withTouch: number
  measured: number
  reliefMinutes: number | null
  reliefDeviation: number | null
  humanMinutes: number | null
  ratings: number
  satisfied: number
  withTarget: number
  onTime: number
  recontacted: number
}

const HOUR = 3_600_000

/** One statement over the cases of a scope that closed in the range. */
export async function readCaseFigures(em: EntityManager, scope: Scope, range: TimeRange): Promise<CaseFigures> {
  const where = closedIn(scope, range)
  const [row] = await em.execute<Record<string, unknown>[]>(
    `select count(*) as closed, count(turnaround_ms) as timed,
       percentile_cont(array[0.5, 0.9]) within group (order by turnaround_ms) as wall,
       percentile_cont(array[0.5, 0.9]) within group (order by business_ms) as business,
       avg(queue_ms) filter (where turnaround_ms is not null) / ${HOUR} as "queueHours",
       avg(machine_ms) filter (where turnaround_ms is not null) / ${HOUR} as "machineHours",
       avg(human_wait_ms) filter (where turnaround_ms is not null) / ${HOUR} as "humanWaitHours",
       avg(retry_wait_ms) filter (where turnaround_ms is not null) / ${HOUR} as "retryWaitHours",
       avg(turnaround_ms) / ${HOUR} as "wallHours",
       count(goal_met) as "goalsKnown", count(*) filter (where goal_met) as "goalsMet",
       count(*) filter (where reviews > 0) as reviewed, count(*) filter (where accepted and not reworked) as accepted,
       avg(acceptance) as acceptance,
       count(*) filter (where successful) as successful,
       count(*) filter (where successful and touch_minutes is not null) as "withTouch",
       count(relief_minutes) as measured, sum(relief_minutes) as "reliefMinutes", stddev_samp(relief_minutes) as "reliefDeviation",
       avg(human_minutes) filter (where relief_minutes is not null) as "humanMinutes",
       count(rating) as ratings, count(*) filter (where rating >= 4) as satisfied,
       count(target_hours) as "withTarget", count(*) filter (where turnaround_ms <= target_hours * ${HOUR}) as "onTime",
       count(*) filter (where recontacted) as recontacted
     from telemetry.case_value where ${where.sql}`,
    where.params,
  )
  const { wall, business, ...rest } = row!
  const numbers = Object.entries(rest).map(([name, value]) => [name, value === null ? null : Number(value)])
  const [p50, p90] = hours(wall)
  const [businessP50, businessP90] = hours(business)
  return {
    ...(Object.fromEntries(numbers) as Omit<CaseFigures, 'p50' | 'p90' | 'businessP50' | 'businessP90'>),
    p50,
    p90,
    businessP50,
    businessP90,
  }
}

/** Two percentiles, given in milliseconds; null without data. */
function hours(percentiles: unknown): [number | null, number | null] {
  if (!Array.isArray(percentiles)) return [null, null]
  const [p50, p90] = percentiles.map((ms) => (ms === null ? null : Number(ms) / HOUR))
  return [p50 ?? null, p90 ?? null]
}

/** The 95 % interval of the median turnaround in hours; null below six timed cases. */
export async function readTurnaroundInterval(
  em: EntityManager,
  scope: Scope,
  range: TimeRange,
  n: number,
): Promise<Interval | null> {
  const ranks = medianRanks(n)
  if (ranks === null) return null
  const where = closedIn(scope, range)
  // Half a rank less: percentile_disc takes the first value whose share reaches the fraction, whatever the rounding.
  const [row] = await em.execute<{ low: number; high: number }[]>(
    `select percentile_disc(?::float8) within group (order by turnaround_ms) / ${HOUR} as low,
       percentile_disc(?::float8) within group (order by turnaround_ms) / ${HOUR} as high
     from telemetry.cases where ${where.sql} and turnaround_ms is not null`,
    [(ranks.low - 0.5) / n, (ranks.high - 0.5) / n, ...where.params],
  )
  return { low: Number(row!.low), high: Number(row!.high) }
}

function closedIn(scope: Scope, { from, to }: TimeRange) {
  const { sql, params } = inScope(scope)
  return {
    sql: `${sql} and production and closed_at >= ?::timestamptz and closed_at < ?::timestamptz`,
    params: [...params, from.toISOString(), to.toISOString()],
  }
}
