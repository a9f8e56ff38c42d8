import { createHash } from 'node:crypto'
import type { CsvFile, CsvRow } from './csv-file.ts'

const shortHash = (text: string) => createHash('sha256').update(text).digest('hex').slice(0, 16)

const named = (row: CsvRow) => row.values['key'] || row.values['id'] || undefined

/**
 * The idempotency key of a row's run: its own `key` or `id`, else made of the file's content, the row's line, its text and the base asked, so that the
 * same file gives the same runs however often it is sent, and another file gives others.
 */
export const runKey = (file: Pick<CsvFile, 'hash'>, row: CsvRow, text: string, knowledge = ''): string =>
  named(row) ?? `csv:${file.hash.slice(0, 16)}:${row.line}:${shortHash(`${text}${knowledge}`)}`

/**
 * The keys of a file's documents, in the order of its rows: the row's own, else made of its text and of how often that text came before.
 * The file does not count, so that an edited file changes the documents whose rows changed and doubles none.
 */
export function documentKeys(rows: CsvRow[], textOf: (row: CsvRow) => string): string[] {
  const seen = new Map<string, number>()
  return rows.map((row) => {
    const own = named(row)
    if (own !== undefined) return own
    const hash = shortHash(textOf(row))
    const before = seen.get(hash) ?? 0
    seen.set(hash, before + 1)
    return before === 0 ? `csv:${hash}` : `csv:${hash}:${before + 1}`
  })
}

/** Tag of all runs of one file, workflow and knowledge base: how a later invocation finds them again. */
export const batchTag = (file: Pick<CsvFile, 'hash'>, workflow: string, knowledge = ''): string =>
  `batch:${shortHash(`${file.hash}\n${workflow}\n${knowledge}`)}`
