import type { KpiBaseline } from '../baselines/baseline.types.ts'
import type { CaseFigures } from './case-figures.ts'
import { FORMULA_VERSIONS } from './formula-versions.ts'
import type { Kpi } from './kpi.types.ts'
import { gain, sentences, share } from './kpi-words.ts'
import { wilson, Z97_5, type Interval } from './statistics.ts'

/**
 * 100·E·Q. A closed case of which nobody said that its goal was met counts as not met; without any such word there is no figure.
 * Coverage is the share of closed cases that a person reviewed.
 */
export function effectiveness(figures: CaseFigures, baseline: KpiBaseline | null, compared?: number | null): Kpi {
  const { closed, goalsKnown, goalsMet, reviewed, accepted } = figures
  const value = effectivenessIndex(figures)
  const interval = value === null ? null : productInterval(figures)
  return {
    value,
    unit: 'points',
    n: closed,
    coverage: share(reviewed, closed),
    baseline,
    change: gain(compared === undefined ? baseline?.median : compared, value),
    compared,
    low: interval?.low ?? null,
    high: interval?.high ?? null,
    note: sentences(
      closed === 0 && 'No case has been closed in this range yet.',
      closed > 0 && goalsKnown === 0 && 'No goal outcomes yet: effectiveness needs GOAL_MET or GOAL_MISSED.',
      closed > 0 && reviewed === 0 && 'No case was reviewed: quality needs reviewed cases.',
      baseline === null && 'No baseline is set.',
    ),
    parts: [
      {
        name: 'goals met',
        value: goalsKnown === 0 ? null : share(goalsMet, closed),
        unit: 'share',
        note: 'E: of the closed cases.',
      },
      {
        name: 'goals reported',
        value: share(goalsKnown, closed),
        unit: 'share',
        note: 'Of the closed cases; the others count as not met.',
      },
      {
        name: 'quality',
        value: share(accepted, reviewed),
        unit: 'share',
        note: 'Q: accepted unedited and not reworked, of the reviewed cases.',
      },
      { name: 'mean acceptance', value: figures.acceptance, unit: 'share', note: 'An edit counts 1 − normalised edit distance.' },
    ],
    formulaVersion: FORMULA_VERSIONS.effectiveness,
  }
}

/** Null without closed cases, without any word about goals, or without reviews. */
export function effectivenessIndex({ closed, goalsKnown, goalsMet, reviewed, accepted }: CaseFigures): number | null {
  return closed === 0 || goalsKnown === 0 || reviewed === 0 ? null : 100 * (goalsMet / closed) * (accepted / reviewed)
}

function productInterval({ closed, goalsMet, reviewed, accepted }: CaseFigures): Interval {
  const e = wilson(goalsMet, closed, Z97_5)
  const q = wilson(accepted, reviewed, Z97_5)
  return { low: 100 * e.low * q.low, high: 100 * e.high * q.high }
}
