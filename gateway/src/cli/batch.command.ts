import { setTimeout as sleep } from 'node:timers/promises'
import { summarize, type BatchSummary, type StartedRow } from './batch-summary.ts'
import type { RowFault } from '@signalbox/shared/csv-table'
import { readCsv, type CsvFile } from './csv-file.ts'
import { RefusedError } from './endpoint.ts'
import { CliFault } from './fault.ts'
import { START_RUNS } from './operations.ts'
import { inParallel, parcelsOf, sendOrSplit } from './parcels.ts'
import { Progress, reportFaults } from './progress.ts'
import { batchTag, runKey } from './row-keys.ts'
import { RunFollower } from './run-follower.ts'
import type { Session } from './session.ts'

export interface BatchOptions {
  /** Absolute path of a CSV file with a column `text`. */
  file: string
  workflow: string
  /** The base to look in, where the workflow's input names one; else the workflow's own. */
  knowledge?: string | undefined
}

interface RunItem {
  line: number
  label: string | undefined
  item: { input: { text: string; knowledgeBase?: string }; idempotencyKey: string; tags: string[] }
}

const LIMITS = { items: 100, bytes: 256 * 1024 }
const PARALLEL_REQUESTS = 3
/** How long an interrupted batch may still ask how far it got, in milliseconds. */
const LAST_LOOK_MS = 5_000

/**
 * Starts a run for each row, follows them until each is decided or waits for a person, and sums up. Rows are keyed, so a repetition
 * starts only what is missing. An interruption gives the summary of what there is.
 * @throws {CliFault} for a file or a workflow that cannot be used
 */
export async function runBatch(session: Session, options: BatchOptions): Promise<BatchSummary> {
  const file = await readCsv(options.file, ['text'])
  const tag = batchTag(file, options.workflow, options.knowledge)
  const { items, faults } = toItems(file, tag, options.knowledge)
  const startedAt = performance.now()
  const batch = new StartedBatch(session, options.workflow, faults)
  const follower = new RunFollower(session.endpoint, tag)
  let interrupted = false
  try {
    await batch.start(items)
    await follow(session, follower, batch.rows)
  } catch (error) {
    if (!session.signal.aborted) throw error
    interrupted = true
    await follower.lastLook(idsOf(batch.rows), AbortSignal.timeout(LAST_LOOK_MS))
  }
  reportFaults(
    session.screen,
    file.name,
    [...faults].sort((one, other) => one.line - other.line),
  )
  return summarize({
    file: file.name,
    workflow: options.workflow,
    rows: items.length + faults.length - batch.refused,
    leftOut: faults.length,
    createdRuns: batch.created,
    started: batch.rows,
    runs: follower.runs,
    seconds: (performance.now() - startedAt) / 1000,
    interrupted,
  })
}

const idsOf = (rows: StartedRow[]) => [...new Set(rows.map((row) => row.runId))]

function toItems(file: CsvFile, tag: string, knowledge: string | undefined): { items: RunItem[]; faults: RowFault[] } {
  const faults = [...file.faults]
  const items: RunItem[] = []
  for (const row of file.rows) {
    const text = row.values['text']!
    if (text === '') {
      faults.push({ line: row.line, message: 'its text is empty' })
      continue
    }
    const label = row.values['category'] || row.values['label'] || undefined
    const input = knowledge === undefined ? { text } : { text, knowledgeBase: knowledge }
    items.push({ line: row.line, label, item: { input, idempotencyKey: runKey(file, row, text, knowledge), tags: [tag] } })
  }
  return { items, faults }
}

/** The rows whose runs exist, growing while it starts them. */
class StartedBatch {
  readonly rows: StartedRow[] = []
  created = 0
  refused = 0

  constructor(
    private readonly session: Session,
    private readonly workflow: string,
    private readonly faults: RowFault[],
  ) {}

  async start(items: RunItem[]) {
    const progress = new Progress(this.session.screen, 'starting', items.length)
    const refuse = (fault: RowFault) => {
      this.faults.push(fault)
      this.refused += 1
      progress.add(1)
    }
    const send = async (parcel: RunItem[]) => {
      await this.#send(parcel)
      progress.add(parcel.length)
    }
    await inParallel(parcelsOf(items, LIMITS), PARALLEL_REQUESTS, (parcel) => sendOrSplit(parcel, send, refuse)).finally(() =>
      progress.end(),
    )
  }

  async #send(parcel: RunItem[]) {
    const input = { workflow: this.workflow, items: parcel.map(({ item }) => item), trigger: 'CLI' }
    const { startRuns } = await this.session.endpoint
      .execute<{ startRuns: { runs: { id: string }[]; created: number } }>(START_RUNS, { input })
      .catch((error: Error) => {
        if (error instanceof RefusedError && error.code === 'NOT_FOUND')
          throw new CliFault(`There is no workflow "${this.workflow}".`)
        throw error
      })
    this.created += startRuns.created
    parcel.forEach(({ line, label }, index) => this.rows.push({ line, label, runId: startRuns.runs[index]!.id }))
  }
}

async function follow(session: Session, follower: RunFollower, rows: StartedRow[]) {
  const ids = idsOf(rows)
  const progress = new Progress(session.screen, 'running', ids.length)
  try {
    for (;;) {
      const moving = await follower.countMoving(ids)
      progress.set(ids.length - moving)
      if (moving === 0) return
      await sleep(session.pollMs, undefined, { signal: session.signal })
    }
  } finally {
    progress.end()
  }
}
