export type RunStatus =
  | 'QUEUED'
  | 'RUNNING'
  | 'WAITING_FOR_REVIEW'
  | 'WAITING'
  | 'RETRYING'
  | 'PAUSED'
  | 'SUCCEEDED'
  | 'FAILED'
  | 'CANCELLED'
  | 'EXPIRED'

/** Statuses in which a run still moves without a person. */
export const MOVING: readonly RunStatus[] = ['QUEUED', 'RUNNING', 'RETRYING', 'WAITING']

export interface RunView {
  id: string
  status: RunStatus
  output?: { intent?: string; automated?: boolean } | null
  failure?: { code: string; reason: string } | null
  reviews: { proposal?: { intent?: string } | null }[]
}

/** A row whose run was started, with the label that the file gives it. */
export interface StartedRow {
  line: number
  runId: string
  label?: string | undefined
}

export interface BatchSummary {
  file: string
  workflow: string
  /** Rows of the file, the unreadable ones included. */
  rows: number
  /** Rows that could not be read or that the platform refused. */
  leftOut: number
  /** Runs that this invocation made; the other rows had theirs already. */
  started: number
  automated: number
  sentToReview: number
  failed: number
  /** Rows whose runs still move, or that were not sent: only after an interruption. */
  unfinished: number
  seconds: number
  /** Decided, waiting or failed by now; null when this invocation made none, since the others were timed before. */
  runsPerSecond: number | null
  /** Share of the labelled rows whose proposed intent is the label; null without labels. */
  accuracy: number | null
  /** The same among those that no person was asked about. */
  accuracyOfAutomated: number | null
  /** Share of the rows with a run that no person was asked about. */
  automatedShare: number | null
  interrupted: boolean
}

export interface BatchFacts {
  file: string
  workflow: string
  rows: number
  leftOut: number
  createdRuns: number
  started: StartedRow[]
  runs: ReadonlyMap<string, RunView>
  seconds: number
  interrupted: boolean
}

type Outcome = 'automated' | 'review' | 'failed' | 'unfinished'

function outcomeOf(run: RunView | undefined): Outcome {
  if (run === undefined || MOVING.includes(run.status)) return 'unfinished'
  if (run.status === 'FAILED' || run.status === 'CANCELLED' || run.status === 'EXPIRED') return 'failed'
  return run.status === 'SUCCEEDED' && run.output?.automated === true ? 'automated' : 'review'
}

/** What the machine proposed, whatever a person made of it. */
const proposedIntent = (run: RunView) => run.reviews[0]?.proposal?.intent ?? run.output?.intent

export function summarize(facts: BatchFacts): BatchSummary {
  const outcomes = facts.started.map((row) => {
    const run = facts.runs.get(row.runId)
    const outcome = outcomeOf(run)
    const right = row.label === undefined || run === undefined ? undefined : proposedIntent(run) === row.label
    return { outcome, right: outcome === 'automated' || outcome === 'review' ? right : undefined }
  })
  const count = (outcome: Outcome) => outcomes.filter((one) => one.outcome === outcome).length
  const judged = outcomes.filter((one) => one.right !== undefined)
  const { file, workflow, rows, leftOut, createdRuns, seconds, interrupted } = facts
  return {
    file,
    workflow,
    rows,
    leftOut,
    started: createdRuns,
    automated: count('automated'),
    sentToReview: count('review'),
    failed: count('failed'),
    unfinished: count('unfinished') + rows - leftOut - facts.started.length,
    seconds,
    runsPerSecond: createdRuns === 0 ? null : Math.min(createdRuns, outcomes.length - count('unfinished')) / seconds,
    accuracy: shareRight(judged),
    accuracyOfAutomated: shareRight(judged.filter((one) => one.outcome === 'automated')),
    automatedShare: outcomes.length === 0 ? null : count('automated') / outcomes.length,
    interrupted,
  }
}

const shareRight = (judged: { right?: boolean | undefined }[]): number | null =>
  judged.length === 0 ? null : judged.filter((one) => one.right).length / judged.length

const percent = (share: number) => `${(share * 100).toFixed(1)} %`

/** The summary for people, a figure a line. */
export function describeBatch(summary: BatchSummary): string {
  const figures: [string, string | null][] = [
    ['rows', String(summary.rows)],
    ['left out', summary.leftOut > 0 ? String(summary.leftOut) : null],
    ['runs started', `${summary.started}${summary.started === 0 ? ' (all were there already)' : ''}`],
    ['automated', `${summary.automated}${summary.automatedShare === null ? '' : ` (${percent(summary.automatedShare)})`}`],
    ['sent to review', String(summary.sentToReview)],
    ['failed', String(summary.failed)],
    ['unfinished', summary.unfinished > 0 ? String(summary.unfinished) : null],
    ['runs a second', summary.runsPerSecond?.toFixed(1) ?? null],
    ['accuracy', summary.accuracy === null ? null : percent(summary.accuracy)],
    ['accuracy of automated', summary.accuracyOfAutomated === null ? null : percent(summary.accuracyOfAutomated)],
  ]
  const lines = figures.filter(([, value]) => value !== null).map(([name, value]) => `  ${name.padEnd(24)}${value}`)
  const head = summary.interrupted
    ? 'Interrupted. The same command goes on from here. So far:'
    : `${summary.file} through ${summary.workflow}:`
  return [head, ...lines].join('\n')
}
