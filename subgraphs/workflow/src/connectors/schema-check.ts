import type { ValidateFunction } from 'ajv/dist/2020.js'
import type { FieldFault } from '@signalbox/shared/errors'
import { schemaCompiler } from '../json-schema.ts'
import type { JsonSchema } from './connector.ts'

const ajv = schemaCompiler({ allErrors: false })
const compiled = new Map<string, ValidateFunction>()

/** @throws when it is no JSON Schema, or has a pattern that cannot be matched in linear time */
export function compileSchema(schema: JsonSchema): ValidateFunction {
  const text = JSON.stringify(schema)
  let validate = compiled.get(text)
  if (validate === undefined) {
    if (compiled.size >= 200) compiled.delete(compiled.keys().next().value!)
    validate = ajv.compile(schema)
    compiled.set(text, validate)
    // The compiler keeps every schema by itself otherwise.
    ajv.removeSchema(schema)
  }
  return validate
}

/** The first thing that does not fit, if any; paths begin at the value. */
export function schemaFault(schema: JsonSchema, value: unknown): FieldFault | undefined {
  const validate = compileSchema(schema)
  if (validate(value)) return undefined
  const { instancePath, keyword, message, params } = validate.errors![0]!
  const given = params as { missingProperty?: string; additionalProperty?: string; allowedValues?: unknown[] }
  const field = given.missingProperty ?? given.additionalProperty
  const path = [...instancePath.split('/').slice(1), ...(field === undefined ? [] : [field])].join('.')
  if (keyword === 'required') return { path, message: 'is missing' }
  if (keyword === 'additionalProperties') return { path, message: 'is not known' }
  if (keyword === 'enum') return { path, message: `must be one of ${given.allowedValues!.join(', ')}` }
  return { path, message: message ?? 'is not valid' }
}
