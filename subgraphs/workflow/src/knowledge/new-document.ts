import { createHash } from 'node:crypto'
import type { TextFormat } from './chunking.ts'
import { cleaned } from './knowledge.faults.ts'

/** A document as somebody hands it in. */
export interface NewDocument {
  key: string
  title?: string | null
  text: string
  label?: string | null
  /** PLAIN unless given. */
  format?: TextFormat
  /** The file or the address that it came from. */
  source?: string | null
}

/** As it is stored, before it has an id. */
export interface NormalDocument {
  key: string
  title: string | null
  text: string
  label: string | null
  format: TextFormat
  source: string | null
  /** Of what it says: text, title, label and how the text is read. */
  hash: string
}

export function normalised({ key, title, text, label, format = 'PLAIN', source = null }: NewDocument): NormalDocument {
  const document = { key: cleaned(key).trim(), title: presence(title), text: cleaned(text).trim(), label: presence(label) }
  const says = [document.title, document.text, document.label, ...(format === 'PLAIN' ? [] : [format])]
  const hash = createHash('sha256').update(JSON.stringify(says)).digest('base64url')
  return { ...document, format, source, hash }
}

/** An empty cell of a file is no label. */
const presence = (text: string | null | undefined) => (text == null || cleaned(text).trim() === '' ? null : cleaned(text).trim())
