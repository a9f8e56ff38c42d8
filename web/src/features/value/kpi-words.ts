import type { KpiFieldsFragment, KpisQuery } from '../../gql/graphql.ts'
import { formatCount, formatFigure, formatShare } from '../../ui/format/numbers.ts'
import { formatDuration } from '../../ui/format/time.ts'

export type KpiKey = Exclude<keyof KpisQuery['kpis'], '__typename'>

export interface KpiText {
  key: KpiKey
  title: string
  /** What it answers, for somebody who runs a business. */
  question: string
  /** What its `n` counts. */
  counted: [one: string, many: string]
}

export const kpiTexts: KpiText[] = [
  {
    key: 'turnaround',
    title: 'Turnaround',
    question: 'How long does a customer wait, from first word to closed?',
    counted: ['case', 'cases'],
  },
  {
    key: 'staffRelief',
    title: 'Staff relief',
    question: 'How many hours of work does it take off your people each week?',
    counted: ['case', 'cases'],
  },
  {
    key: 'effectiveness',
    title: 'Effectiveness and quality',
    question: 'How often is the goal met, with nothing to correct?',
    counted: ['case', 'cases'],
  },
  {
    key: 'customerExperience',
    title: 'Customer experience',
    question: 'Are customers content, served in time, and not forced to ask again?',
    counted: ['rating', 'ratings'],
  },
  {
    key: 'timeToBenefit',
    title: 'Time to benefit',
    question: 'How soon after the start was the first result of use?',
    counted: ['case', 'cases'],
  },
]

const HOUR_MS = 3_600_000
const MINUTE_MS = 60_000

/** A figure with its unit, in the words of the business. */
export function formatKpi(value: number, unit: string): string {
  switch (unit) {
    case 'hours':
      return formatDuration(value * HOUR_MS)
    case 'days':
      return `${formatFigure(value)} ${Math.abs(value) === 1 ? 'day' : 'days'}`
    case 'points':
      return formatFigure(Math.round(value * 10) / 10)
    case 'share':
      return formatShare(value)
    case 'hours/week':
      if (Math.abs(value) < 1) return `${formatFigure(Math.round(value * 60))} min a week`
      return `${formatFigure(Math.round(value * 10) / 10)} h a week`
    case 'minutes/case':
      return `${formatDuration(value * MINUTE_MS)} a case`
    default:
      return `${formatFigure(value)} ${unit.replace('/', ' per ')}`
  }
}

type Figure = Pick<KpiFieldsFragment, 'value' | 'unit' | 'change'>

/** The change against the baseline as a person would say it; undefined without one. */
export function changeWords({ unit, change }: Pick<Figure, 'unit' | 'change'>): { words: string; better: boolean } | undefined {
  if (change === null || change === undefined) return undefined
  const better = change >= 0
  if (unit === 'hours' || unit === 'days') {
    if (change === 0) return { words: 'as fast as before', better }
    return { words: `${formatShare(Math.abs(change))} ${better ? 'faster' : 'slower'} than before`, better }
  }
  // Relief is compared by the minutes of work that one case takes.
  if (unit === 'hours/week')
    return { words: `${formatShare(Math.abs(change))} ${better ? 'less' : 'more'} work per case than before`, better }
  return {
    words: `${formatKpi(Math.abs(change), unit)} ${unit === 'points' ? 'points ' : ''}${better ? 'better' : 'worse'} than before`,
    better,
  }
}

/** What the platform says about a figure, without the names that only programs use: `GOAL_MET` reads as “goal met”. */
export const noteWords = (note: string): string =>
  note.replace(/\b[A-Z]+(_[A-Z]+)+\b/g, (name) => `“${name.replaceAll('_', ' ').toLowerCase()}”`)

/** The 95 % interval: `between 12 min and 20 min`. */
export function intervalWords({ low, high, unit }: Pick<KpiFieldsFragment, 'low' | 'high' | 'unit'>): string | undefined {
  if (low === null || low === undefined || high === null || high === undefined) return undefined
  return `between ${formatKpi(low, unit)} and ${formatKpi(high, unit)}`
}

export interface Comparison {
  before: number
  now: number
  unit: string
}

/** The two bars of a figure: itself against its baseline. Relief is compared by the minutes of work that one case takes. */
export function comparisonOf(kpi: Pick<KpiFieldsFragment, 'value' | 'unit' | 'baseline' | 'parts'>): Comparison | undefined {
  const relief = kpi.unit === 'hours/week'
  const now = relief ? kpi.parts.find(({ name }) => name === 'human minutes')?.value : kpi.value
  if (!kpi.baseline || now == null || now < 0) return undefined
  return { before: kpi.baseline.median, now, unit: relief ? 'minutes/case' : kpi.unit }
}

export function countWords(n: number, [one, many]: KpiText['counted']): string {
  return `${formatCount(n)} ${n === 1 ? one : many}`
}

const splitNames = ['queue', 'machine', 'human wait', 'retry wait', 'outside'] as const
export type SplitName = (typeof splitNames)[number]

/** Where the time of a case goes: the parts that are known, as shares of their sum. */
export function splitOf(parts: KpiFieldsFragment['parts']): { name: SplitName; hours: number; share: number }[] {
  const known = splitNames.flatMap((name) => {
    const hours = parts.find((part) => part.name === name)?.value
    return hours === null || hours === undefined || hours <= 0 ? [] : [{ name, hours }]
  })
  const sum = known.reduce((total, { hours }) => total + hours, 0)
  return known.map(({ name, hours }) => ({ name, hours, share: hours / sum }))
}

/** Parts that have a picture of their own are not listed again. */
export const listedParts = (parts: KpiFieldsFragment['parts']) =>
  parts.filter(({ name }) => !(splitNames as readonly string[]).includes(name))
