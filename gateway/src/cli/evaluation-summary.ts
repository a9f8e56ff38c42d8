import type { Calibration } from './import-summary.ts'

/** How one question went. */
export interface Judged {
  /** Whether the answer is the label that the file gives. */
  right: boolean
  /** Whether the base was sure enough to answer without a person. */
  automatic: boolean
  /** Place of the first passage with the right label, from 1; null when none was among the first k. */
  rank: number | null
}

/** A share with its 95 % interval. */
export interface Share {
  value: number
  low: number
  high: number
}

export interface EvaluationSummary {
  file: string
  knowledgeBase: string
  k: number
  /** Questions that were asked. */
  questions: number
  leftOut: number
  /** Share of the questions for which a passage with the right label was among the first k. */
  recall: Share | null
  /** Mean reciprocal rank of the first such passage; 0 where there was none. */
  mrr: number | null
  accuracy: Share | null
  /** Share of the questions that reach the calibrated threshold; null without a calibration. */
  automated: Share | null
  /** Share of those that were answered rightly. */
  precision: Share | null
  threshold: number | null
  interrupted: boolean
}

export interface EvaluationFacts {
  file: string
  knowledgeBase: string
  k: number
  leftOut: number
  calibration: Calibration | null
  judged: Judged[]
  interrupted: boolean
}

export function summarizeEvaluation({ judged, calibration, ...facts }: EvaluationFacts): EvaluationSummary {
  const automatic = judged.filter((one) => one.automatic)
  const ranks = judged.reduce((sum, { rank }) => sum + (rank === null ? 0 : 1 / rank), 0)
  return {
    ...facts,
    questions: judged.length,
    recall: shareOf(judged, ({ rank }) => rank !== null),
    mrr: judged.length === 0 ? null : ranks / judged.length,
    accuracy: shareOf(judged, ({ right }) => right),
    automated: calibration === null ? null : shareOf(judged, (one) => one.automatic),
    precision: calibration === null ? null : shareOf(automatic, ({ right }) => right),
    threshold: calibration?.threshold ?? null,
  }
}

/** Two-sided 95 %. */
const Z = 1.96

/** With its Wilson interval (Wilson, 1927); null of nothing. */
function shareOf(all: Judged[], holds: (one: Judged) => boolean): Share | null {
  const n = all.length
  if (n === 0) return null
  const value = all.filter(holds).length / n
  const middle = (value + Z ** 2 / (2 * n)) / (1 + Z ** 2 / n)
  const half = (Z / (1 + Z ** 2 / n)) * Math.sqrt((value * (1 - value)) / n + Z ** 2 / (4 * n ** 2))
  return { value, low: Math.max(0, middle - half), high: Math.min(1, middle + half) }
}

const percent = (share: number) => `${(share * 100).toFixed(1)} %`
const interval = (share: Share | null) =>
  share === null ? null : `${percent(share.value)}  (95 %: ${percent(share.low)} to ${percent(share.high)})`

/** The summary for people, a figure a line. */
export function describeEvaluation(summary: EvaluationSummary): string {
  const figures: [string, string | null][] = [
    ['questions', String(summary.questions)],
    ['left out', summary.leftOut > 0 ? String(summary.leftOut) : null],
    [`recall@${summary.k}`, interval(summary.recall)],
    ['mean reciprocal rank', summary.mrr?.toFixed(3) ?? null],
    ['answered rightly', interval(summary.accuracy)],
    ['without a person', summary.threshold === null ? 'the base is not calibrated' : interval(summary.automated)],
    ['rightly, of those', interval(summary.precision)],
    ['from a confidence of', summary.threshold?.toFixed(3) ?? null],
  ]
  const lines = figures.filter(([, value]) => value !== null).map(([name, value]) => `  ${name.padEnd(24)}${value}`)
  const head = summary.interrupted ? 'Interrupted. So far:' : `${summary.file} against ${summary.knowledgeBase}:`
  return [head, ...lines].join('\n')
}
