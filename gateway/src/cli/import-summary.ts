export interface Calibration {
  threshold: number
  targetPrecision: number
  accuracy: number
  coverage: number
  precision: number | null
  n: number
}

export interface ImportSummary {
  file: string
  knowledgeBase: string
  /** Rows of the file, the unreadable ones included. */
  rows: number
  /** New documents. */
  added: number
  /** Documents whose key was there with another text, title or category. */
  updated: number
  unchanged: number
  /** Rows that could not be read or that the platform refused. */
  leftOut: number
  /** Documents in the base by now, whoever put them there. */
  documents: number
  seconds: number
  /** Null when nothing was new. */
  rowsPerSecond: number | null
  /** What cross-validation over the base's own documents found; null when the platform does not calibrate, or it was interrupted. */
  calibration: Calibration | null
  calibrationSeconds: number | null
  interrupted: boolean
}

const percent = (share: number) => `${(share * 100).toFixed(1)} %`

/** The summary for people, a figure a line. */
export function describeImport(summary: ImportSummary): string {
  const { calibration } = summary
  const figures: [string, string | null][] = [
    ['rows', String(summary.rows)],
    ['added', String(summary.added)],
    ['updated', summary.updated > 0 ? String(summary.updated) : null],
    ['there already', summary.unchanged > 0 ? String(summary.unchanged) : null],
    ['left out', summary.leftOut > 0 ? String(summary.leftOut) : null],
    ['documents in the base', String(summary.documents)],
    ['rows a second', summary.rowsPerSecond?.toFixed(1) ?? null],
  ]
  if (calibration) {
    const held = calibration.precision === null ? 'nothing' : percent(calibration.precision)
    figures.push(
      ['expected accuracy', percent(calibration.accuracy)],
      [
        'decided without a person',
        `${percent(calibration.coverage)}, ${held} of it rightly (wanted: ${percent(calibration.targetPrecision)})`,
      ],
      ['from a confidence of', calibration.threshold.toFixed(3)],
    )
  }
  const lines = figures.filter(([, value]) => value !== null).map(([name, value]) => `  ${name.padEnd(26)}${value}`)
  const head = summary.interrupted
    ? 'Interrupted. The same command goes on from here. So far:'
    : `${summary.file} into ${summary.knowledgeBase}:`
  return [head, ...lines].join('\n')
}
