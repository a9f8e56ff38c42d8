import { z } from 'zod'
import { fromData } from './data-tags.ts'
import { fieldValue } from './field-value.ts'
import { SchemaFaultError } from './model-error.ts'
import type { FieldSpec, ModelExtraction } from './reasoning-model.ts'

/**
 * What a model is to answer: a list of what it found, each value as a text. A property for each field would need a union with null, of which
 * providers allow few.
 */
export const extractionSchema = (fields: FieldSpec[]) => ({
  found: {
    type: 'array',
    items: {
      type: 'object',
      additionalProperties: false,
      required: ['field', 'value'],
      properties: { field: { type: 'string', enum: [...new Set(fields.map(({ name }) => name))] }, value: { type: 'string' } },
    },
  },
  confidence: { type: 'number' },
})

const extraction = z.object({
  found: z.array(z.object({ field: z.string(), value: z.string() })),
  confidence: z.number().min(0).max(1),
})

/**
 * A model's answer, each value brought to its field's type; of several for one field the first counts.
 * @throws {SchemaFaultError} for an answer of another form, a field that was not asked for, and a value that is none of its type
 */
export function readExtraction(body: unknown, fields: FieldSpec[]): Omit<ModelExtraction, 'usage'> {
  const parsed = extraction.safeParse(body)
  if (!parsed.success)
    throw new SchemaFaultError(
      'It was not an object with "found", a list of "field" and "value", and a "confidence" from 0 to 1.',
    )
  const values = Object.fromEntries(fields.map(({ name }): [string, unknown] => [name, null]))
  for (const { field, value } of parsed.data.found) {
    const spec = fields.find(({ name }) => name === field)
    if (spec === undefined) throw new SchemaFaultError('A "field" was none of those to read.')
    if (value.trim() !== '') values[field] ??= readValue(spec, fromData(value))
  }
  return extractionOf(fields, values, parsed.data.confidence)
}

function readValue({ name, type }: FieldSpec, text: string): unknown {
  // A model was asked for a point before the decimals: "1.234" is not what a person would mean by it.
  const isExact = type === 'number' && /^-?\d+(?:\.\d+)?$/.test(text.trim())
  const value = isExact ? Number(text) : fieldValue(type, text)
  if (value === undefined) throw new SchemaFaultError(`The value of "${name}" was not a ${type}.`)
  return value
}

export function extractionOf(fields: FieldSpec[], values: Record<string, unknown>, confidence: number) {
  const missing = fields.filter(({ name, required }) => required === true && values[name] === null).map(({ name }) => name)
  return { values, confidence, missing }
}
