import type { BatchSummary } from '../cli/batch-summary.ts'
import type { ImportSummary } from '../cli/import-summary.ts'

export interface Figure {
  name: string
  value: string
  /** What is wanted; absent: only told. */
  target?: string
  met?: boolean
}

export interface Measured {
  imported: ImportSummary
  first: BatchSummary
  second: BatchSummary
  listP95Ms: number
  listSamples: number
}

const percent = (share: number | null) => (share === null ? '–' : `${(share * 100).toFixed(1)} %`)
const rate = (value: number | null) => (value === null ? '–' : value.toFixed(1))

/** The figures of "Real input", in the order in which they are wanted. */
export function figuresOf({ imported, first, second, listP95Ms, listSamples }: Measured): Figure[] {
  const decided = first.automated + first.sentToReview
  return [
    {
      name: 'rows decided or waiting for review',
      value: `${decided} of ${first.rows}`,
      target: 'all',
      met: decided === first.rows,
    },
    {
      name: 'rows lost',
      value: String(first.unfinished + first.leftOut),
      target: '0',
      met: first.unfinished + first.leftOut === 0,
    },
    { name: 'runs that a second batch starts', value: String(second.started), target: '0', met: second.started === 0 },
    {
      name: 'accuracy of the proposed intent',
      value: percent(first.accuracy),
      target: '≥ 88 %',
      met: (first.accuracy ?? 0) >= 0.88,
    },
    {
      name: 'precision without a person',
      value: percent(first.accuracyOfAutomated),
      target: '≥ 95 %',
      met: (first.accuracyOfAutomated ?? 0) >= 0.95,
    },
    {
      name: 'runs decided without a person',
      value: percent(first.automatedShare),
      target: '≥ 85 %',
      met: (first.automatedShare ?? 0) >= 0.85,
    },
    {
      name: 'import, rows a second',
      value: rate(imported.rowsPerSecond),
      target: '≥ 60',
      met: (imported.rowsPerSecond ?? 0) >= 60,
    },
    { name: 'batch, runs a second', value: rate(first.runsPerSecond), target: '≥ 10', met: (first.runsPerSecond ?? 0) >= 10 },
    { name: 'run list, p95 of its first page', value: `${Math.round(listP95Ms)} ms`, target: '< 200 ms', met: listP95Ms < 200 },
    { name: 'documents', value: `${imported.documents} (${imported.added} new, ${imported.leftOut} left out)` },
    { name: 'calibration, expected accuracy', value: percent(imported.calibration?.accuracy ?? null) },
    { name: 'calibration, expected without a person', value: percent(imported.calibration?.coverage ?? null) },
    { name: 'calibration, seconds', value: rate(imported.calibrationSeconds) },
    { name: 'sent to review', value: String(first.sentToReview) },
    { name: 'run list, looks', value: String(listSamples) },
  ]
}

/** A table for a terminal. */
export function table(figures: Figure[]): string {
  const rows = figures.map(({ name, value, target = '', met }) => [
    name,
    value,
    target,
    met === undefined ? '' : met ? 'yes' : 'NO',
  ])
  const all = [['figure', 'measured', 'target', 'met'], ...rows]
  const widths = [0, 1, 2, 3].map((column) => Math.max(...all.map((row) => row[column]!.length)))
  const lines = all.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column]!))
      .join('  ')
      .trimEnd(),
  )
  lines.splice(1, 0, '─'.repeat(widths.reduce((sum, width) => sum + width + 2, -2)))
  return lines.join('\n')
}
