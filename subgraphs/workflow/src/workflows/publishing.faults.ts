import { BadUserInputError, type FieldFault } from '@signalbox/shared/errors'
import { plainCopy } from './checks/plain-copy.ts'
import type { PublishWorkflowInput, SaveWorkflowDraftInput } from './publishing.inputs.ts'

export const SLUG = /^[a-z0-9][a-z0-9-]{0,99}$/
/** Characters. */
const LIMITS = { name: 200, description: 2_000, note: 2_000 }

/** @throws {BadUserInputError} naming what cannot be kept even as a draft */
export function checkSave({ workflow, slug, name, description, definition }: SaveWorkflowDraftInput): void {
  refuse([
    ...(workflow == null ? faultsOfSlug(slug ?? '') : []),
    ...faultsOfText('name', name, true),
    ...faultsOfText('description', description),
    ...faultsOfDocument(definition),
  ])
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

function faultsOfDocument(definition: unknown): FieldFault[] {
  const faults: FieldFault[] = []
  const copy = plainCopy(definition, (path, message) => faults.push({ path: ['input.definition', ...path].join('.'), message }))
  if (faults.length === 0 && (typeof copy !== 'object' || copy === null || Array.isArray(copy)))
    faults.push({ path: 'input.definition', message: 'must be an object' })
  return faults
}
