import { setTimeout as sleep } from 'node:timers/promises'
import { documentKeys, type RowFault } from '@signalbox/shared/csv-table'
import { readCsv, type CsvFile } from './csv-file.ts'
import { RefusedError, type Endpoint } from './endpoint.ts'
import { CliFault } from './fault.ts'
import type { Calibration, ImportSummary } from './import-summary.ts'
import { CALIBRATE, CALIBRATION, CREATE_KNOWLEDGE_BASE, INGEST_DOCUMENTS } from './operations.ts'
import { inParallel, parcelsOf, sendOrSplit } from './parcels.ts'
import { Progress, reportFaults } from './progress.ts'
import type { Session } from './session.ts'

export interface ImportOptions {
  /** Absolute path of a CSV file with columns `text` and `category` or `label`. */
  file: string
  knowledge: string
  /** Share of automatic decisions that must be right; the calibration finds the threshold for it. */
  precision: number
}

interface DocumentItem {
  line: number
  document: { key: string; text: string; label: string; title?: string }
}

/** Small, so that the bar moves: the platform embeds each text before it answers. */
const LIMITS = { items: 100, bytes: 256 * 1024 }
const PARALLEL_REQUESTS = 2

/**
 * Puts each row into the knowledge base as a labelled example, makes the base when it is missing, and has it calibrated. Documents are
 * keyed, so a repetition changes nothing. An interruption gives the summary of what there is.
 * @throws {CliFault} for a file that cannot be used
 */
export async function importExamples(session: Session, options: ImportOptions): Promise<ImportSummary> {
  const file = await readCsv(options.file, ['text', ['category', 'label']])
  const { items, faults } = toItems(file)
  const rows = items.length + faults.length
  const startedAt = performance.now()
  const elapsed = () => (performance.now() - startedAt) / 1000
  const ingestion = new Ingestion(session, options.knowledge, faults)
  let calibration: Calibration | null = null
  let ingestedAfter: number | null = null
  try {
    // Gives the one that is there, if there is one.
    await session.endpoint.execute(CREATE_KNOWLEDGE_BASE, { input: { name: options.knowledge } })
    await ingestion.send(items)
    ingestedAfter = elapsed()
    calibration = await calibrate(session, options)
  } catch (error) {
    if (!session.signal.aborted) throw error
  }
  reportFaults(
    session.screen,
    file.name,
    [...faults].sort((one, other) => one.line - other.line),
  )
  const seconds = ingestedAfter ?? elapsed()
  const { added, updated, unchanged, documents } = ingestion
  return {
    file: file.name,
    knowledgeBase: options.knowledge,
    rows,
    added,
    updated,
    unchanged,
    leftOut: faults.length,
    documents,
    seconds,
    rowsPerSecond: added + updated === 0 ? null : (added + updated + unchanged) / seconds,
    calibration,
    calibrationSeconds: calibration === null ? null : elapsed() - seconds,
    interrupted: session.signal.aborted,
  }
}

function toItems(file: CsvFile): { items: DocumentItem[]; faults: RowFault[] } {
  const faults = [...file.faults]
  const items: DocumentItem[] = []
  const keys = documentKeys(file.rows, (row) => row.values['text']!)
  file.rows.forEach(({ line, values }, index) => {
    const text = values['text']!
    const label = values['category'] || values['label'] || ''
    if (text === '') return void faults.push({ line, message: 'its text is empty' })
    if (label === '') return void faults.push({ line, message: 'it has no category' })
    items.push({ line, document: { key: keys[index]!, text, label, ...(values['title'] ? { title: values['title'] } : {}) } })
  })
  return { items, faults }
}

class Ingestion {
  added = 0
  updated = 0
  unchanged = 0
  documents = 0

  constructor(
    private readonly session: Session,
    private readonly knowledge: string,
    private readonly faults: RowFault[],
  ) {}

  async send(items: DocumentItem[]) {
    const progress = new Progress(this.session.screen, 'importing', items.length)
    const refuse = (fault: RowFault) => void this.faults.push(fault)
    const send = async (parcel: DocumentItem[]) => {
      await this.#ingest(parcel)
      progress.add(parcel.length)
    }
    await inParallel(parcelsOf(items, LIMITS), PARALLEL_REQUESTS, (parcel) => sendOrSplit(parcel, send, refuse)).finally(() =>
      progress.end(),
    )
  }

  async #ingest(parcel: DocumentItem[]) {
    const input = { knowledgeBase: this.knowledge, documents: parcel.map(({ document }) => document) }
    const { ingestDocuments } = await this.session.endpoint.execute<{ ingestDocuments: Ingested }>(INGEST_DOCUMENTS, { input })
    this.added += ingestDocuments.added
    this.updated += ingestDocuments.updated
    this.unchanged += ingestDocuments.unchanged
    this.documents = Math.max(this.documents, ingestDocuments.knowledgeBase.documents)
  }
}

interface Ingested {
  knowledgeBase: { documents: number }
  added: number
  updated: number
  unchanged: number
}

interface CalibratedBase {
  name: string
  calibrationStatus: 'NONE' | 'RUNNING' | 'READY' | 'FAILED'
  calibration: Calibration | null
}

async function calibrate(session: Session, { knowledge, precision }: ImportOptions): Promise<Calibration | null> {
  const { endpoint, screen, signal, pollMs } = session
  const progress = new Progress(screen, 'calibrating', null)
  try {
    while (!(await begins(endpoint, knowledge, precision))) await sleep(pollMs, undefined, { signal })
    for (;;) {
      const { knowledgeBases } = await endpoint.execute<{ knowledgeBases: CalibratedBase[] }>(CALIBRATION)
      const base = knowledgeBases.find((one) => one.name === knowledge)
      if (base?.calibrationStatus === 'READY') return base.calibration
      if (base?.calibrationStatus === 'FAILED')
        throw new CliFault(`The calibration of "${knowledge}" failed; its documents are there.`)
      progress.add(0)
      await sleep(pollMs, undefined, { signal })
    }
  } finally {
    progress.end()
  }
}

/** False while an earlier calibration runs, which may not know all documents yet. */
async function begins(endpoint: Endpoint, knowledgeBase: string, targetPrecision: number): Promise<boolean> {
  try {
    await endpoint.execute(CALIBRATE, { input: { knowledgeBase, targetPrecision } })
    return true
  } catch (error) {
    if (error instanceof RefusedError && error.code === 'CONFLICT') return false
    throw error
  }
}
