import { createHash } from 'node:crypto'
import { rowName, type CsvRow } from '@signalbox/shared/csv-table'
import type { CsvFile } from './csv-file.ts'

const shortHash = (text: string) => createHash('sha256').update(text).digest('hex').slice(0, 16)

/**
 * The idempotency key of a row's run: its own `key` or `id`, else made of the file's content, the row's line, its text and the base asked, so that the
 * same file gives the same runs however often it is sent, and another file gives others.
 */
export const runKey = (file: Pick<CsvFile, 'hash'>, row: CsvRow, text: string, knowledge = ''): string =>
  rowName(row) ?? `csv:${file.hash.slice(0, 16)}:${row.line}:${shortHash(`${text}${knowledge}`)}`

/** Tag of all runs of one file, workflow and knowledge base: how a later invocation finds them again. */
export const batchTag = (file: Pick<CsvFile, 'hash'>, workflow: string, knowledge = ''): string =>
  `batch:${shortHash(`${file.hash}\n${workflow}\n${knowledge}`)}`
