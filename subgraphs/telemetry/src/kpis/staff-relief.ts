import type { KpiBaseline } from '../baselines/baseline.types.ts'
import type { CaseFigures } from './case-figures.ts'
import { FORMULA_VERSIONS } from './formula-versions.ts'
import type { Kpi, KpiPart } from './kpi.types.ts'
import { gain, improvement, plural, sentences, share } from './kpi-words.ts'
import { INTERVAL_MINIMUM, Z95 } from './statistics.ts'

/** How reviews went, beside the relief. */
export interface ReviewLoad {
  decisions: number
  people: number
  withDue: number
  overdue: number
  outsideOfficeHours: number
}

/**
 * Σ over successful cases (touch minutes before − human minutes now) ÷ 60 a week; negatives stay. Successful: the goal was met or, where
 * nobody said, the run succeeded. A case whose review time was not measured is left out; coverage says how many were not.
 */
export function staffRelief(
  figures: CaseFigures,
  load: ReviewLoad,
  weeks: number,
  baseline: KpiBaseline | null,
  compared?: number | null,
): Kpi {
  const { successful, measured, withTouch, humanMinutes, reliefDeviation } = figures
  const value = reliefHoursPerWeek(figures, weeks)
  const spread = measured < INTERVAL_MINIMUM ? null : (Z95 * Math.sqrt(measured) * reliefDeviation!) / 60 / weeks
  return {
    value,
    unit: 'hours/week',
    n: measured,
    coverage: share(measured, successful),
    baseline,
    // The baseline is given in minutes a case, so that is what is compared with it.
    change: compared === undefined ? improvement(baseline?.median, humanMinutes) : gain(compared, value),
    compared,
    low: value === null || spread === null ? null : value - spread,
    high: value === null || spread === null ? null : value + spread,
    note: sentences(
      successful === 0 && 'No case has been closed successfully in this range yet.',
      successful > 0 && withTouch === 0 && 'No baseline says how many minutes a case took before.',
      withTouch > 0 && measured === 0 && 'The human minutes of no case have been measured.',
      measured > 0 && spread === null && `${plural(measured, 'case')} so far: an interval needs ${INTERVAL_MINIMUM}.`,
    ),
    parts: [{ name: 'human minutes', value: humanMinutes, unit: 'minutes/case' }, ...loadParts(load)],
    formulaVersion: FORMULA_VERSIONS.staffRelief,
  }
}

export function reliefHoursPerWeek({ measured, reliefMinutes }: CaseFigures, weeks: number): number | null {
  return measured === 0 || weeks <= 0 ? null : reliefMinutes! / 60 / weeks
}

function loadParts({ decisions, people, withDue, overdue, outsideOfficeHours }: ReviewLoad): KpiPart[] {
  return [
    {
      name: 'overdue reviews',
      value: withDue === 0 ? null : overdue / people,
      unit: 'reviews/person',
      note: decisions > 0 && withDue === 0 ? 'The decided reviews had no deadline.' : null,
    },
    {
      name: 'decisions outside business hours',
      value: share(outsideOfficeHours, decisions),
      unit: 'share',
      note: decisions === 0 ? 'Nobody has decided a review in this range.' : null,
    },
  ]
}
