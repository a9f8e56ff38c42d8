import { CsvTableError, documentKeys, readCsvTable, type CsvRow, type RowFault } from '@signalbox/shared/csv-table'
import { LIMITS } from '../knowledge.faults.ts'
import type { NewDocument } from '../new-document.ts'
import { UnreadableFile } from './unreadable.ts'

/** Rows of one file. */
const MOST_ROWS = 20_000

export interface TableDocuments {
  documents: NewDocument[]
  /** Rows that were left out, by line. */
  faults: RowFault[]
}

/**
 * A document for each row: column `text`, and `category` or `label`, `title` and `key` or `id` where there are such. Keys as the
 * command-line client makes them, so that a file sent by both ways makes the same documents.
 * @throws {UnreadableFile} when the table as a whole cannot be used
 */
export function documentsOfCsv(content: Buffer, source: string): TableDocuments {
  const { rows, faults } = tableOf(content)
  if (rows.length > MOST_ROWS)
    throw new UnreadableFile(
      `has ${rows.length.toLocaleString('en')} rows. Split it into files of at most ${MOST_ROWS.toLocaleString('en')}.`,
    )
  const keys = documentKeys(rows, ({ values }) => values['text']!)
  const firstLines = new Map<string, number>()
  const documents = rows.flatMap((row, at): NewDocument[] => {
    const key = keys[at]!
    const message = faultIn(row, key, firstLines.get(key))
    if (message !== null) {
      faults.push({ line: row.line, message })
      return []
    }
    firstLines.set(key, row.line)
    const { text, title, category, label } = row.values
    return [{ key, text: text!, title: title ?? null, label: category || label || null, source }]
  })
  if (documents.length === 0 && faults.length === 0)
    throw new UnreadableFile('has a first line with the names of its columns, and no row.')
  return { documents, faults: faults.sort((a, b) => a.line - b.line) }
}

function tableOf(content: Buffer) {
  try {
    return readCsvTable(content, ['text'])
  } catch (error) {
    throw error instanceof CsvTableError ? new UnreadableFile(error.message) : error
  }
}

function faultIn({ values }: CsvRow, key: string, firstLine: number | undefined): string | null {
  const text = values['text']!
  const label = values['category'] || values['label'] || ''
  if (text === '') return 'its text is empty'
  if (text.length > LIMITS.text) return `its text has more than ${LIMITS.text} characters`
  if (label.length > LIMITS.label) return `its category has more than ${LIMITS.label} characters`
  if ((values['title']?.length ?? 0) > LIMITS.title) return `its title has more than ${LIMITS.title} characters`
  if (key.length > LIMITS.key) return `its key has more than ${LIMITS.key} characters`
  return firstLine === undefined ? null : `its key "${key}" stands in line ${firstLine} already`
}
