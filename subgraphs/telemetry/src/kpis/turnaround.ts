import type { KpiBaseline } from '../baselines/baseline.types.ts'
import type { CaseFigures } from './case-figures.ts'
import { FORMULA_VERSIONS } from './formula-versions.ts'
import type { Kpi, KpiPart } from './kpi.types.ts'
import { improvement, plural, sentences } from './kpi-words.ts'
import { INTERVAL_MINIMUM, type Interval } from './statistics.ts'

/** Case received → closed. Cases that a failed or cancelled run ended are not timed, or failing fast would look like an improvement. */
export function turnaround(
  figures: CaseFigures,
  interval: Interval | null,
  baseline: KpiBaseline | null,
  compared?: number | null,
): Kpi {
  const { timed, closed, p50 } = figures
  return {
    value: p50,
    unit: 'hours',
    n: timed,
    coverage: closed === 0 ? null : timed / closed,
    baseline,
    change: improvement(compared === undefined ? baseline?.median : compared, p50),
    compared,
    low: interval?.low ?? null,
    high: interval?.high ?? null,
    note: sentences(
      timed === 0 && 'No case has been closed successfully in this range yet.',
      timed > 0 && interval === null && `${plural(timed, 'case')} so far: an interval needs ${INTERVAL_MINIMUM}.`,
      baseline === null && 'No baseline is set.',
    ),
    parts: timed === 0 ? [] : parts(figures),
    formulaVersion: FORMULA_VERSIONS.turnaround,
  }
}

function parts(figures: CaseFigures): KpiPart[] {
  const { queueHours, machineHours, humanWaitHours, retryWaitHours, wallHours } = figures
  const outside = Math.max(0, wallHours! - queueHours! - machineHours! - humanWaitHours! - retryWaitHours!)
  const mean = 'The mean of a case; the five parts add up to the mean wall hours.'
  return [
    { name: 'queue', value: queueHours, unit: 'hours', note: mean },
    { name: 'machine', value: machineHours, unit: 'hours', note: mean },
    { name: 'human wait', value: humanWaitHours, unit: 'hours', note: mean },
    { name: 'retry wait', value: retryWaitHours, unit: 'hours', note: mean },
    { name: 'outside', value: outside, unit: 'hours', note: 'The case was open and no run worked on it. The mean of a case.' },
    { name: 'p90', value: figures.p90, unit: 'hours' },
    {
      name: 'business p50',
      value: figures.businessP50,
      unit: 'hours',
      note: 'Monday to Friday, 9 to 17 in the time zone of the organisation.',
    },
    { name: 'business p90', value: figures.businessP90, unit: 'hours' },
  ]
}
