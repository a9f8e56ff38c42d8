import type { KnowledgeBasesHereQuery } from '../../gql/graphql.ts'
import { formatShare } from '../../ui/format/numbers.ts'

export type Base = KnowledgeBasesHereQuery['knowledgeBases'][number]

export interface IntakeResult {
  documents: number
  added: number
  updated: number
  unchanged: number
  duplicates: number
  faults: { line: number; message: string }[]
}

export const counted = (count: number, one: string, many = `${one}s`): string =>
  `${count.toLocaleString('en')} ${count === 1 ? one : many}`

/** `3 added, 1 changed, 2 there already`. */
export function intakeWords({ added, updated, unchanged, duplicates, faults }: IntakeResult): string {
  const parts = [
    added > 0 && `${added.toLocaleString('en')} added`,
    updated > 0 && `${updated.toLocaleString('en')} changed`,
    unchanged > 0 && `${unchanged.toLocaleString('en')} there already`,
    duplicates > 0 && `${duplicates.toLocaleString('en')} that ${duplicates === 1 ? 'repeats' : 'repeat'} another document`,
    faults.length > 0 && `${counted(faults.length, 'row')} left out`,
  ]
  const words = parts.filter((part) => part !== false).join(', ')
  return words === '' ? 'Nothing was in it' : words.charAt(0).toUpperCase() + words.slice(1)
}

/** What can be expected of decisions by this base's examples, in a sentence. */
export function calibrationWords({ calibration, calibrationStatus }: Pick<Base, 'calibration' | 'calibrationStatus'>): string {
  if (calibrationStatus === 'RUNNING') return 'Being measured …'
  if (calibrationStatus === 'FAILED') return 'The last measurement did not end. Measure it again.'
  if (!calibration) return 'Not measured yet: a person is asked about every decision.'
  if (calibration.n === 0 || calibration.coverage === 0)
    return `${counted(calibration.n, 'example')}: too few to decide anything without a person.`
  return `Decides ${formatShare(calibration.coverage)} without a person; ${formatShare(calibration.precision ?? 0)} of that was right when tried on ${counted(calibration.n, 'example')}.`
}

/** Where a passage stands: `handbook.pdf, version 2, passage 4`. */
export function citationWords(hit: {
  documentKey?: string | null | undefined
  version?: number | null | undefined
  ordinal?: number | null | undefined
}): string {
  const parts = [
    hit.documentKey?.startsWith('csv:') ? 'Row of a table' : hit.documentKey,
    hit.version != null && hit.version > 1 && `version ${hit.version}`,
    hit.ordinal != null && hit.ordinal > 0 && `passage ${hit.ordinal + 1}`,
  ]
  return parts.filter(Boolean).join(', ')
}

/** What a document is called in a list: rows of a table and pieces of text have no name of their own, so they go by how they begin. */
export const nameOfDocument = ({ title, excerpt }: { title?: string | null | undefined; excerpt: string }): string =>
  title ?? shortened(plain(excerpt))

/** Without the marks of headings and line ends. */
export const plain = (text: string): string =>
  text
    .replaceAll(/(^|\n)#+ /g, '$1')
    .replaceAll(/\s+/g, ' ')
    .trim()

const LONGEST = 140
const shortened = (text: string) => (text.length > LONGEST ? `${text.slice(0, LONGEST).toWellFormed()} …` : text)
