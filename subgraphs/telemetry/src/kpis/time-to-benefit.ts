import type { EntityManager } from '@mikro-orm/postgresql'
import type { KpiBaseline } from '../baselines/baseline.types.ts'
import type { EngagementTerms } from '../engagements/engagement.service.ts'
import { inScope, type Scope } from '../organizations/scope.ts'
import { FORMULA_VERSIONS } from './formula-versions.ts'
import type { Kpi, KpiPart } from './kpi.types.ts'
import { improvement, sentences } from './kpi-words.ts'

const DAY = 86_400_000

/** What has come of an engagement up to a time. */
export interface Benefit {
  firstAcceptedAt: Date | null
  accepted: number
  /** The day of the payback, counted from 1; null: not yet. */
  paybackDay: number | null
}

/** Reads the first accepted outcome and the payback of an engagement, up to `until`. */
export async function readBenefit(em: EntityManager, scope: Scope, terms: EngagementTerms, until: Date): Promise<Benefit> {
  const { sql, params } = inScope(scope)
  const window = [terms.startedAt.toISOString(), until.toISOString()]
  const [first] = await em.execute<{ at: string | null; n: string }[]>(
    `select min(accepted_at) as at, count(*) as n from telemetry.cases
     where ${sql} and production and accepted_at >= ?::timestamptz and accepted_at < ?::timestamptz`,
    [...params, ...window],
  )
  const [payback] = await em.execute<{ day: number | null }[]>(
    `with gain as (
       select closed_at as at, coalesce(relief_minutes, 0) / 60 * ?::numeric as usd from telemetry.case_value where ${sql} and production
       union all
       select coalesce(finished_at, queued_at), -(model_cost + machine_cost) from telemetry.run where ${sql} and production
     ), daily as (
       select floor(extract(epoch from at - ?::timestamptz) / 86400)::int + 1 as day, sum(sum(usd)) over (order by floor(extract(epoch from at - ?::timestamptz) / 86400)) as total
       from gain where at >= ?::timestamptz and at < ?::timestamptz group by floor(extract(epoch from at - ?::timestamptz) / 86400)
     )
     select min(day) as day from daily where total >= ?::numeric`,
    [terms.hourlyRate, ...params, ...params, window[0], window[0], ...window, window[0], terms.buildCost],
  )
  return {
    firstAcceptedAt: first!.at === null ? null : new Date(first!.at),
    accepted: Number(first!.n),
    paybackDay: payback!.day,
  }
}

/** Days from the engagement's start to the first accepted production outcome: a goal met, or an approval of a run that succeeded. */
export function timeToBenefit(
  terms: EngagementTerms | null,
  benefit: Benefit | null,
  until: Date,
  baseline: KpiBaseline | null,
  compared?: number | null,
): Kpi {
  const value = terms === null || benefit === null ? null : benefitDays(terms, benefit)
  const day = terms === null ? 0 : Math.floor((until.getTime() - terms.startedAt.getTime()) / DAY) + 1
  return {
    value,
    unit: 'days',
    n: benefit?.accepted ?? 0,
    coverage: null,
    baseline,
    change: improvement(compared === undefined ? baseline?.median : compared, value),
    compared,
    // One date of one engagement: it has no spread to estimate an interval from.
    low: null,
    high: null,
    note: sentences(
      terms === null && 'No engagement is set: time to benefit has no start.',
      terms !== null && day < 1 && 'The engagement has not started.',
      terms !== null && day >= 1 && value === null && `No outcome has been accepted yet, day ${day}.`,
      value !== null && 'One date: it has no interval.',
    ),
    parts: terms === null || benefit === null ? [] : [paybackPart(benefit, day)],
    formulaVersion: FORMULA_VERSIONS.timeToBenefit,
  }
}

export const benefitDays = (terms: EngagementTerms, { firstAcceptedAt }: Benefit): number | null =>
  firstAcceptedAt === null ? null : (firstAcceptedAt.getTime() - terms.startedAt.getTime()) / DAY

function paybackPart({ paybackDay }: Benefit, day: number): KpiPart {
  const note =
    paybackDay === null
      ? `not yet, day ${day}`
      : 'The first day on which the hours relieved, less the runs, had paid for building it.'
  return { name: 'payback', value: paybackDay, unit: 'days', note }
}
