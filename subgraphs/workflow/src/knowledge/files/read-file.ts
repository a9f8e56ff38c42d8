import { isUtf8 } from 'node:buffer'
import { basename, extname } from 'node:path'
import type { NewDocument } from '../new-document.ts'
import { LIMITS } from '../knowledge.faults.ts'
import { sectionsOf } from '../markdown-sections.ts'
import { documentsOfCsv, type TableDocuments } from './csv-documents.ts'
import { extract, EXTRACT_LIMITS } from './extract.ts'
import { MAX_BYTES, type FileKind } from './file-kind.ts'
import type { ReadText } from './pdf-text.ts'
import { UnreadableFile } from './unreadable.ts'

export interface SourceFile {
  kind: FileKind
  /** What its document is known by: the file's name or the page's address. */
  name: string
  content: Buffer
  /** Of a text, when it is not UTF-8: what the server said. */
  charset?: string | undefined
}

/** The documents of a file: a CSV's rows, or the one document that it is. @throws {UnreadableFile} */
export async function readSourceFile(file: SourceFile): Promise<TableDocuments> {
  const { kind, name, content } = file
  if (content.length === 0) throw new UnreadableFile('is empty.')
  if (content.length > MAX_BYTES[kind]) {
    const mb = (bytes: number) => `${(bytes / 1024 / 1024).toFixed(bytes < 100 * 1024 ? 2 : 1)} MB`
    throw new UnreadableFile(`has ${mb(content.length)}; ${kind} may have ${mb(MAX_BYTES[kind])} at most.`)
  }
  if (kind === 'CSV') return documentsOfCsv(Buffer.from(decoded(file)), name)
  const { title, text, format } = await read(file)
  if (text.length > EXTRACT_LIMITS.characters)
    throw new UnreadableFile('holds more text than one document may have. Split it into parts.')
  const shown = (title ?? basename(name, extname(name))).slice(0, LIMITS.title).toWellFormed()
  const document: NewDocument = { key: name, title: shown, text, format, source: name }
  return { documents: [document], faults: [] }
}

async function read(file: SourceFile): Promise<ReadText> {
  if (file.kind === 'PDF') return extract({ kind: 'PDF', content: new Uint8Array(file.content) })
  if (file.kind === 'HTML') return extract({ kind: 'HTML', content: decoded(file) })
  const text = decoded(file).replaceAll(/\r\n?/g, '\n').trim()
  if (text === '') throw new UnreadableFile('holds no text.')
  if (file.kind === 'TEXT') return { title: null, text, format: 'PLAIN' }
  if (sectionsOf(text).length === 0) throw new UnreadableFile('holds headings and nothing beneath them.')
  return { title: null, text, format: 'MARKDOWN' }
}

/** @throws {UnreadableFile} for what is no text */
function decoded({ content, charset = 'utf-8' }: SourceFile): string {
  const advice = 'is not UTF-8 text. Save it as UTF-8 (in Excel: "CSV UTF-8") and send it again.'
  try {
    if (/^utf-?8$/i.test(charset) && !isUtf8(content)) throw new UnreadableFile(advice)
    const text = new TextDecoder(charset).decode(content)
    if (text.includes('\0')) throw new UnreadableFile('is no text, whatever its name says.')
    return text
  } catch (error) {
    throw error instanceof RangeError ? new UnreadableFile(`is written in "${charset}", which cannot be read. ${advice}`) : error
  }
}
