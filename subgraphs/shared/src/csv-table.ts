import { createHash } from 'node:crypto'
import { CsvError, parse } from 'csv-parse/sync'

export interface CsvRow {
  /** Line of the file on which the row starts, from 1. */
  line: number
  /** By column name, trimmed. */
  values: Record<string, string>
}

/** A row that was left out. */
export interface RowFault {
  line: number
  message: string
}

export interface CsvTable {
  columns: string[]
  rows: CsvRow[]
  faults: RowFault[]
}

/** What is wrong with a table as a whole: a sentence that begins after the file's name. */
export class CsvTableError extends Error {
  override name = 'CsvTableError'
}

/**
 * Reads a CSV text with a header row: RFC 4180, UTF-8 with or without a byte order mark, any line ends. A malformed row is a fault with
 * its line, and reading goes on at the next line, so that a quote that nobody closes costs one row and not the rest of the file.
 * @param wanted columns that must be there; a list within is of alternatives
 * @throws {CsvTableError} when there is no header or a wanted column is missing
 */
export function readCsvTable(content: Buffer, wanted: (string | string[])[]): CsvTable {
  const records = [...csvRecords(content)]
  const header = records.shift()
  if (header === undefined) throw new CsvTableError('is empty: it wants a first line with the names of its columns.')
  if ('message' in header) throw new CsvTableError(`has a first line that cannot be read: ${header.message}.`)
  const columns = columnsOf(header.fields, wanted)
  const rows: CsvRow[] = []
  const faults: RowFault[] = []
  for (const record of records) {
    const row = 'message' in record ? record : toRow(record, columns)
    if ('message' in row) faults.push(row)
    else rows.push(row)
  }
  return { columns, rows, faults }
}

const shortHash = (text: string) => createHash('sha256').update(text).digest('hex').slice(0, 16)

/** What a row calls itself. */
export const rowName = (row: CsvRow): string | undefined => row.values['key'] || row.values['id'] || undefined

/**
 * The keys of a table's documents, in the order of its rows: the row's own, else made of its text and of how often that text came before.
 * The file does not count, so that an edited file changes the documents whose rows changed and doubles none.
 */
export function documentKeys(rows: CsvRow[], textOf: (row: CsvRow) => string): string[] {
  const seen = new Map<string, number>()
  return rows.map((row) => {
    const own = rowName(row)
    if (own !== undefined) return own
    const hash = shortHash(textOf(row))
    const before = seen.get(hash) ?? 0
    seen.set(hash, before + 1)
    return before === 0 ? `csv:${hash}` : `csv:${hash}:${before + 1}`
  })
}

export interface CsvRecord {
  line: number
  fields: string[]
}

const NEWLINE = 0x0a
const BOM = Buffer.from([0xef, 0xbb, 0xbf])

/** The records of a CSV text in UTF-8, in order: RFC 4180, with or without a byte order mark, any line ends. */
export function* csvRecords(content: Buffer): Generator<CsvRecord | RowFault> {
  let offset = content.subarray(0, 3).equals(BOM) ? 3 : 0
  let line = 1
  while (offset < content.length) {
    const { records, error, end } = parseUntilFault(content.subarray(offset))
    let counted = offset
    const moveTo = (position: number) => {
      const start = skipBlank(content, position)
      line += linesBetween(content, counted, start)
      counted = start
      return start
    }
    for (const record of records) {
      moveTo(offset + record.start)
      yield { line, fields: record.fields }
    }
    if (error === undefined) return
    const start = moveTo(offset + end)
    yield { line, message: REASONS[error.code] ?? error.message }
    const next = content.indexOf(NEWLINE, start)
    if (next === -1) return
    offset = next + 1
    line += 1
  }
}

const REASONS: Record<string, string> = {
  CSV_QUOTE_NOT_CLOSED: 'a quote is opened and never closed',
  CSV_INVALID_CLOSING_QUOTE: 'something follows a closing quote, or a quote is not closed',
  INVALID_OPENING_QUOTE: 'a quote stands within a field that does not start with one; double it and quote the field',
}

/** The records before the first fault, each with the byte it starts at, and the byte after the last of them. */
function parseUntilFault(content: Buffer) {
  const records: { start: number; fields: string[] }[] = []
  let end = 0
  let error: CsvError | undefined
  try {
    parse(content, {
      info: true,
      relax_column_count: true,
      skip_empty_lines: true,
      record_delimiter: ['\r\n', '\n'],
      on_record: ({ record, info }: { record: string[]; info: { bytes: number } }) => {
        records.push({ start: end, fields: record })
        end = info.bytes
      },
    } as never)
  } catch (fault) {
    if (!(fault instanceof CsvError)) throw fault
    error = fault
  }
  return { records, error, end }
}

/** Where the next line starts that is not empty. */
function skipBlank(content: Buffer, offset: number): number {
  let at = offset
  for (;;) {
    if (content[at] === NEWLINE) at += 1
    else if (content[at] === 0x0d && content[at + 1] === NEWLINE) at += 2
    else return at
  }
}

function linesBetween(content: Buffer, from: number, to: number): number {
  let lines = 0
  for (let at = content.indexOf(NEWLINE, from); at !== -1 && at < to; at = content.indexOf(NEWLINE, at + 1)) lines += 1
  return lines
}

function columnsOf(fields: string[], wanted: (string | string[])[]): string[] {
  const columns = fields.map((field) => field.trim().toLowerCase())
  const twice = columns.find((column, index) => column !== '' && columns.indexOf(column) !== index)
  if (twice !== undefined) throw new CsvTableError(`has two columns "${twice}".`)
  for (const want of wanted) {
    const names = [want].flat()
    if (names.some((name) => columns.includes(name))) continue
    throw new CsvTableError(
      `has no column ${names.map((name) => `"${name}"`).join(' or ')}; its first line names: ${columns.join(', ')}.`,
    )
  }
  return columns
}

function toRow({ line, fields }: CsvRecord, columns: string[]): CsvRow | RowFault {
  if (fields.length !== columns.length) {
    return { line, message: `it has ${fields.length} fields where the first line names ${columns.length}` }
  }
  return { line, values: Object.fromEntries(columns.map((column, index) => [column, fields[index]!.trim()])) }
}
