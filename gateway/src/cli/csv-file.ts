import { isUtf8 } from 'node:buffer'
import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { CsvTableError, readCsvTable, type CsvTable } from '@signalbox/shared/csv-table'
import { CliFault } from './fault.ts'

export interface CsvFile extends CsvTable {
  name: string
  /** SHA-256 of the content, in hexadecimal. */
  hash: string
}

/**
 * Reads a CSV file with a header row, as `readCsvTable` does.
 * @param wanted columns that must be there; a list within is of alternatives
 * @throws {CliFault} when there is no such file, it holds no text, or a wanted column is missing
 */
export async function readCsv(path: string, wanted: (string | string[])[]): Promise<CsvFile> {
  const content = await readContent(path)
  if (!isUtf8(content)) throw new CliFault(`${path} is not UTF-8 text. Save it as CSV UTF-8.`)
  try {
    const table = readCsvTable(content, wanted)
    return { name: basename(path), hash: createHash('sha256').update(content).digest('hex'), ...table }
  } catch (error) {
    throw error instanceof CsvTableError ? new CliFault(`${path} ${error.message}`) : error
  }
}

async function readContent(path: string): Promise<Buffer> {
  try {
    return await readFile(path)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT') throw new CliFault(`There is no file ${path}.`)
    if (code === 'EISDIR') throw new CliFault(`${path} is a folder, not a CSV file.`)
    throw new CliFault(`${path} cannot be read (${code}).`)
  }
}
