export type FileKind = 'CSV' | 'MARKDOWN' | 'HTML' | 'PDF' | 'TEXT'

/** Bytes that are read of each kind: what can be read in the seconds that somebody waits. */
export const MAX_BYTES: Record<FileKind, number> = {
  CSV: 10 * 1024 * 1024,
  MARKDOWN: 5 * 1024 * 1024,
  HTML: 5 * 1024 * 1024,
  PDF: 20 * 1024 * 1024,
  TEXT: 5 * 1024 * 1024,
}
export const LARGEST_FILE = Math.max(...Object.values(MAX_BYTES))

/** A sentence that begins after the file's name. */
export const KINDS_WANTED =
  'is none of the kinds that can be read: CSV, Markdown, HTML, PDF and plain text (.csv, .md, .html, .pdf, .txt).'

const BY_ENDING: Record<string, FileKind> = {
  csv: 'CSV',
  md: 'MARKDOWN',
  markdown: 'MARKDOWN',
  html: 'HTML',
  htm: 'HTML',
  xhtml: 'HTML',
  pdf: 'PDF',
  txt: 'TEXT',
  text: 'TEXT',
}

const BY_TYPE: Record<string, FileKind> = {
  'text/csv': 'CSV',
  'text/markdown': 'MARKDOWN',
  'text/html': 'HTML',
  'application/xhtml+xml': 'HTML',
  'application/pdf': 'PDF',
  'text/plain': 'TEXT',
}

/** The kind by the name's ending; where that says nothing, by the media type; null where neither does. */
export const kindOfFile = (name: string, mediaType: string): FileKind | null => endingOf(name) ?? typeOf(mediaType)

/** The other way round: a server's word for a page counts more than how its address ends. */
export function kindOfPage(address: string, mediaType: string): FileKind | null {
  const byType = typeOf(mediaType)
  return byType === null || byType === 'TEXT' ? (endingOf(new URL(address).pathname) ?? byType) : byType
}

const endingOf = (name: string) => BY_ENDING[/\.([a-z]+)$/i.exec(name)?.[1]?.toLowerCase() ?? ''] ?? null
const typeOf = (mediaType: string) => BY_TYPE[mediaType.split(';')[0]!.trim().toLowerCase()] ?? null
