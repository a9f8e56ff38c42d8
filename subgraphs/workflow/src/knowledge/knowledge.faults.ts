import { isUuid } from '@signalbox/shared/ids'
import { BadUserInputError, type FieldFault } from '@signalbox/shared/errors'
import type { IndexFilter } from './knowledge-index.ts'
import type { DocumentInput, KnowledgeFilterInput } from './knowledge.inputs.ts'

/** Documents of one call, and lengths in characters. */
export const LIMITS = {
  documents: 500,
  key: 200,
  title: 300,
  text: 20_000,
  label: 100,
  name: 100,
  query: 10_000,
  hits: 50,
  /** A document's title with the headings that a passage stands under. */
  heading: 400,
  /** Texts that are answered in one call. */
  texts: 50,
  /** Of an address, and so of the key of a document that came from one. */
  address: 2_000,
  filter: 200,
}

/** What Postgres takes: without NUL and without half surrogates, which a badly cut file may hold. */
export const cleaned = (text: string): string => text.replaceAll('\0', '').toWellFormed()

/** @throws {BadUserInputError} naming every field that is wrong */
export function checkDocuments(documents: DocumentInput[]): void {
  if (documents.length > LIMITS.documents) {
    throw refused([{ path: 'input.documents', message: `at most ${LIMITS.documents} in one call, ${documents.length} given` }])
  }
  const keys = new Set<string>()
  const faults = documents.flatMap((document, at) => {
    const path = `input.documents.${at}`
    const repeated = keys.has(document.key) ? [{ path: `${path}.key`, message: 'the same key stands earlier in this call' }] : []
    keys.add(document.key)
    return [
      ...required(`${path}.key`, document.key, LIMITS.key),
      ...repeated,
      ...required(`${path}.text`, document.text, LIMITS.text),
      ...optional(`${path}.title`, document.title, LIMITS.title),
      ...optional(`${path}.label`, document.label, LIMITS.label),
    ]
  })
  if (faults.length > 0) throw refused(faults)
}

/** @throws {BadUserInputError} for an empty text or one over the limit */
export function checkText(path: string, text: string, limit: number): void {
  const faults = required(path, text, limit)
  if (faults.length > 0) throw refused(faults)
}

/** @throws {BadUserInputError} when the number is outside the range */
export function checkRange(path: string, value: number, low: number, high: number): void {
  if (!(value >= low && value <= high)) throw refused([{ path, message: `between ${low} and ${high}` }])
}

const refused = (faults: FieldFault[]) =>
  new BadUserInputError(`Not accepted: ${faults[0]!.path} (${faults[0]!.message}).`, faults)

const required = (path: string, text: string, limit: number): FieldFault[] =>
  cleaned(text).trim() === '' ? [{ path, message: 'must not be empty' }] : optional(path, text, limit)

const optional = (path: string, text: string | null | undefined, limit: number): FieldFault[] =>
  (text?.length ?? 0) > limit ? [{ path, message: `at most ${limit} characters` }] : []

/** @throws {BadUserInputError} for none, too many, an empty or a long one */
export function checkTexts(texts: string[]): void {
  checkRange('input.texts', texts.length, 1, LIMITS.texts)
  texts.forEach((text, at) => checkText(`input.texts.${at}`, text, LIMITS.query))
}

/** The filter as the index takes it: only what is given. @throws {BadUserInputError} */
export function checkFilter(filter: KnowledgeFilterInput | null | undefined): IndexFilter {
  const { labels, titlePrefix, keyPrefix, documentIds } = filter ?? {}
  for (const [name, list] of Object.entries({ labels, documentIds }))
    checkRange(`input.filter.${name}`, list?.length ?? 0, 0, LIMITS.filter)
  for (const [name, text] of Object.entries({ titlePrefix, keyPrefix })) {
    const faults = optional(`input.filter.${name}`, text, LIMITS.title)
    if (faults.length > 0) throw refused(faults)
  }
  return {
    ...(labels && { labels: labels.map(cleaned) }),
    // What cannot be an id of ours is nobody's.
    ...(documentIds && { documentIds: documentIds.filter(isUuid) }),
    ...(titlePrefix && { titlePrefix: cleaned(titlePrefix) }),
    ...(keyPrefix && { keyPrefix: cleaned(keyPrefix) }),
  }
}
