import type { KpiBaseline } from '../baselines/baseline.types.ts'
import type { CaseFigures } from './case-figures.ts'
import { FORMULA_VERSIONS } from './formula-versions.ts'
import type { Kpi } from './kpi.types.ts'
import { gain, plural, sentences, share } from './kpi-words.ts'
import { weightedRates } from './statistics.ts'

/** Version 1 of the weights. */
const WEIGHTS = { csat: 0.4, onTime: 0.3, noRecontact: 0.3 } as const
const RATINGS_NEEDED = 30

/** In points from 0 to 100; n is the number of ratings. On time: within the engagement's target, else within the median of before. */
export function customerExperience(figures: CaseFigures, baseline: KpiBaseline | null, compared?: number | null): Kpi {
  const { closed, ratings, withTarget } = figures
  const score = customerScore(figures)
  return {
    value: score?.value ?? null,
    unit: 'points',
    n: ratings,
    coverage: share(ratings, closed),
    baseline,
    change: gain(compared === undefined ? baseline?.median : compared, score?.value ?? null),
    compared,
    low: score?.low ?? null,
    high: score?.high ?? null,
    note: sentences(
      ratings === 0 && `No ratings yet: customer experience needs ${RATINGS_NEEDED}.`,
      ratings > 0 &&
        ratings < RATINGS_NEEDED &&
        `${plural(ratings, 'rating')} so far: customer experience needs ${RATINGS_NEEDED}.`,
      closed > 0 && withTarget === 0 && 'No target says what is on time: set one with the engagement, or a turnaround baseline.',
    ),
    parts: [
      {
        name: 'csat',
        value: ratings < RATINGS_NEEDED ? null : share(figures.satisfied, ratings),
        unit: 'share',
        note: 'Ratings of 4 and 5; weight 0.4.',
      },
      { name: 'on time', value: share(figures.onTime, withTarget), unit: 'share', note: 'Closed within the target; weight 0.3.' },
      {
        name: 'no re-contact',
        value: share(closed - figures.recontacted, closed),
        unit: 'share',
        note: 'Within 7 days after closing; weight 0.3.',
      },
    ],
    formulaVersion: FORMULA_VERSIONS.customerExperience,
  }
}

/** Null below 30 ratings, and without a target. */
export function customerScore({ closed, ratings, satisfied, withTarget, onTime, recontacted }: CaseFigures) {
  if (ratings < RATINGS_NEEDED || withTarget === 0) return null
  return weightedRates([
    { weight: 100 * WEIGHTS.csat, successes: satisfied, n: ratings },
    { weight: 100 * WEIGHTS.onTime, successes: onTime, n: withTarget },
    { weight: 100 * WEIGHTS.noRecontact, successes: closed - recontacted, n: closed },
  ])
}
