import { z } from 'zod'
import { fromData } from './data-tags.ts'
import { fieldValue } from './field-value.ts'
import { SchemaFaultError } from './model-error.ts'
import type { FieldSpec, ModelExtraction } from './reasoning-model.ts'
import { safeNames } from './safe-names.ts'

/** A field under the name by which it is asked for. */
export interface NamedField {
  key: string
  spec: FieldSpec
}

export function namedFields(fields: FieldSpec[]): NamedField[] {
  const keys = safeNames(fields.map(({ name }) => name))
  return fields.map((spec, index) => ({ key: keys[index]!, spec }))
}

const extraction = z.object({ values: z.record(z.string(), z.unknown()), confidence: z.number().min(0).max(1) })

/**
 * A model's answer, each value brought to its field's type.
 * @throws {SchemaFaultError} for an answer of another form, and for a value that is none of its type
 */
export function readExtraction(body: unknown, fields: NamedField[]): Omit<ModelExtraction, 'usage'> {
  const parsed = extraction.safeParse(body)
  if (!parsed.success) throw new SchemaFaultError('It was not an object with "values" and a "confidence" from 0 to 1.')
  const given = parsed.data.values
  const values = fields.map(({ key, spec }) => {
    const raw = Object.hasOwn(given, key) ? given[key] : null
    if (raw === null || raw === '') return [spec.name, null] as const
    const value = fieldValue(spec.type, typeof raw === 'string' ? fromData(raw) : raw)
    if (value === undefined)
      throw new SchemaFaultError(`"${key}" was not a ${spec.type}${spec.type === 'date' ? ' as YYYY-MM-DD' : ''}.`)
    return [spec.name, value] as const
  })
  return extractionOf(fields, Object.fromEntries(values), parsed.data.confidence)
}

export function extractionOf(fields: NamedField[], values: Record<string, unknown>, confidence: number) {
  const missing = fields.filter(({ spec }) => spec.required === true && values[spec.name] === null).map(({ spec }) => spec.name)
  return { values, confidence, missing }
}
