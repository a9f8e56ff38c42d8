import { BadUserInputError, type FieldFault } from '@signalbox/shared/errors'
import { MAX_DOCUMENT, plainCopy } from './checks/plain-copy.ts'
import type { PublishWorkflowInput, SaveWorkflowDraftInput } from './publishing.inputs.ts'

export const SLUG = /^[a-z0-9][a-z0-9-]{0,99}$/
/** Characters. */
const LIMITS = { name: 200, description: 2_000, note: 2_000 }

/** The JSON text of the draft. @throws {BadUserInputError} naming what cannot be kept even as a draft */
export function checkSave({ workflow, slug, name, description, definition, text }: SaveWorkflowDraftInput): string {
  const { faults, text: kept } = textOf(definition, text)
  refuse([
    ...(workflow == null ? faultsOfSlug(slug ?? '') : []),
    ...faultsOfText('name', name, true),
    ...faultsOfText('description', description),
    ...faults,
  ])
  return kept
}

/** @throws {BadUserInputError} */
export function checkPublication({ name, description, note }: Partial<PublishWorkflowInput>): void {
  refuse([
    ...(name == null ? [] : faultsOfText('name', name, true)),
    ...faultsOfText('description', description),
    ...faultsOfText('note', note),
  ])
}

export const refused = (first: FieldFault, ...more: FieldFault[]) =>
  new BadUserInputError(`Not accepted: ${first.path} ${first.message}.`, [first, ...more])

function refuse([first, ...more]: FieldFault[]) {
  if (first !== undefined) throw refused(first, ...more)
}

const faultsOfSlug = (slug: string): FieldFault[] =>
  SLUG.test(slug) ? [] : [{ path: 'input.slug', message: 'must be lower-case letters, digits and -, at most 100' }]

function faultsOfText(field: keyof typeof LIMITS, text: string | null | undefined, needed = false): FieldFault[] {
  const path = `input.${field}`
  if (needed && (text ?? '').replaceAll('\0', '').trim() === '') return [{ path, message: 'must not be empty' }]
  return (text?.length ?? 0) > LIMITS[field] ? [{ path, message: `must have at most ${LIMITS[field]} characters` }] : []
}

function textOf(definition: unknown, text: string | null | undefined): { faults: FieldFault[]; text: string } {
  if ((definition == null) === (text == null))
    return { faults: [{ path: 'input.definition', message: 'must be given, here or as text' }], text: '' }
  if (text == null) return { faults: faultsOfDocument(definition, 'definition'), text: JSON.stringify(definition, null, 2) }
  if (text.length > 2 * MAX_DOCUMENT)
    return { faults: [{ path: 'input.text', message: `must have at most ${(2 * MAX_DOCUMENT) / 1024} KB` }], text }
  try {
    return { faults: faultsOfDocument(JSON.parse(text), 'text'), text }
  } catch {
    return { faults: [{ path: 'input.text', message: 'must be JSON' }], text }
  }
}

function faultsOfDocument(definition: unknown, field: string): FieldFault[] {
  const faults: FieldFault[] = []
  const copy = plainCopy(definition, (path, message) => faults.push({ path: [`input.${field}`, ...path].join('.'), message }))
  if (faults.length === 0 && (typeof copy !== 'object' || copy === null || Array.isArray(copy)))
    faults.push({ path: `input.${field}`, message: 'must be an object' })
  return faults
}
