import { type CsvTable, type RowFault } from '@signalbox/shared/csv-table'
import { readCsv } from './csv-file.ts'
import { RefusedError } from './endpoint.ts'
import { summarizeEvaluation, type EvaluationSummary, type Judged } from './evaluation-summary.ts'
import { CliFault } from './fault.ts'
import type { Calibration } from './import-summary.ts'
import { CALIBRATION, KNOWLEDGE_ANSWERS } from './operations.ts'
import { inParallel, parcelsOf, sendOrSplit } from './parcels.ts'
import { Progress, reportFaults } from './progress.ts'
import type { Session } from './session.ts'

export interface EvaluateOptions {
  /** Absolute path of a CSV file with columns `text` and `category` or `label`, whose rows the base does not hold. */
  file: string
  knowledge: string
  /** Passages of each answer that count for recall and rank: 1 to 50. */
  k: number
}

interface Question {
  line: number
  text: string
  label: string
}

interface Answer {
  label: string | null
  automatic: boolean
  hits: { label: string | null }[]
}

const LIMITS = { items: 25, bytes: 128 * 1024 }
const PARALLEL_REQUESTS = 2

/**
 * Asks a base each question of a labelled file, without a run, and measures how well it finds and answers.
 * @throws {CliFault} for a file or a base that cannot be used
 */
export async function evaluateBase(session: Session, options: EvaluateOptions): Promise<EvaluationSummary> {
  const file = await readCsv(options.file, ['text', ['category', 'label']])
  const { questions, faults } = toQuestions(file)
  const calibration = await calibrationOf(session, options.knowledge)
  const judged: Judged[] = []
  const progress = new Progress(session.screen, 'asking', questions.length)
  const ask = async (parcel: Question[]) => {
    const input = { knowledgeBase: options.knowledge, texts: parcel.map(({ text }) => text), limit: options.k }
    const { knowledgeAnswers } = await session.endpoint.execute<{ knowledgeAnswers: Answer[] }>(KNOWLEDGE_ANSWERS, { input })
    parcel.forEach(({ label }, at) => judged.push(judge(label, knowledgeAnswers[at]!)))
    progress.add(parcel.length)
  }
  const refuse = (fault: RowFault) => void faults.push(fault)
  let interrupted = false
  try {
    await inParallel(parcelsOf(questions, LIMITS), PARALLEL_REQUESTS, (parcel) => sendOrSplit(parcel, ask, refuse))
  } catch (error) {
    if (!session.signal.aborted) throw error
    interrupted = true
  } finally {
    progress.end()
  }
  reportFaults(
    session.screen,
    file.name,
    [...faults].sort((one, other) => one.line - other.line),
  )
  const { knowledge, k } = options
  return summarizeEvaluation({
    file: file.name,
    knowledgeBase: knowledge,
    k,
    leftOut: faults.length,
    calibration,
    judged,
    interrupted,
  })
}

function toQuestions({ rows, faults: before }: CsvTable): { questions: Question[]; faults: RowFault[] } {
  const faults = [...before]
  const questions = rows.flatMap(({ line, values }) => {
    const text = values['text']!
    const label = values['category'] || values['label'] || ''
    if (text !== '' && label !== '') return [{ line, text, label }]
    faults.push({ line, message: text === '' ? 'its text is empty' : 'it has no category' })
    return []
  })
  return { questions, faults }
}

const judge = (wanted: string, { label, automatic, hits }: Answer): Judged => ({
  right: label === wanted,
  automatic,
  rank: hits.findIndex((hit) => hit.label === wanted) + 1 || null,
})

async function calibrationOf({ endpoint }: Session, knowledge: string): Promise<Calibration | null> {
  try {
    const { knowledgeBases } = await endpoint.execute<{ knowledgeBases: { name: string; calibration: Calibration | null }[] }>(
      CALIBRATION,
    )
    const base = knowledgeBases.find(({ name }) => name === knowledge)
    if (base === undefined) throw new CliFault(`There is no knowledge base "${knowledge}". "import" fills one.`)
    return base.calibration
  } catch (error) {
    if (error instanceof RefusedError && error.code === 'FORBIDDEN') throw new CliFault('The client needs the scope kb:read.')
    throw error
  }
}
