import type { ErrorObject, ValidateFunction } from 'ajv/dist/2020.js'
import { BadUserInputError, type FieldFault } from '@signalbox/shared/errors'
import { schemaCompiler } from '../json-schema.ts'

const ajv = schemaCompiler({ allErrors: true })

/** Compiled once per schema: a version's definition is one object as long as it is cached, and small when it is not. */
const compiled = new Map<string, ValidateFunction>()

function validatorOf(schema: object): ValidateFunction {
  const text = JSON.stringify(schema)
  let validate = compiled.get(text)
  if (validate === undefined) {
    if (compiled.size >= 500) compiled.delete(compiled.keys().next().value!)
    validate = ajv.compile(schema)
    compiled.set(text, validate)
  }
  return validate
}

/** What breaks the schema, one fault a field; `prefix` is the path of the value in the caller's input. */
export function faultsOf(schema: object, value: unknown, prefix: string): FieldFault[] {
  const validate = validatorOf(schema)
  return validate(value)
    ? []
    : (validate.errors ?? []).map((error) => ({ path: pathOf(error, prefix), message: messageOf(error) }))
}

/** @throws {BadUserInputError} naming each field that breaks the schema */
export function checkAgainst(schema: object, value: unknown, prefix: string, message: string): void {
  const faults = faultsOf(schema, value, prefix)
  if (faults.length > 0) throw new BadUserInputError(message, faults)
}

function pathOf({ instancePath, keyword, params }: ErrorObject, prefix: string): string {
  const given = params as { missingProperty?: string; additionalProperty?: string }
  const field =
    keyword === 'required' ? given.missingProperty : keyword === 'additionalProperties' ? given.additionalProperty : undefined
  return [prefix, ...instancePath.split('/').slice(1), ...(field === undefined ? [] : [field])].join('.')
}

function messageOf({ keyword, message, params }: ErrorObject): string {
  if (keyword === 'required') return 'is missing'
  if (keyword === 'additionalProperties') return 'is not known'
  if (keyword === 'enum') return `must be one of ${(params as { allowedValues: unknown[] }).allowedValues.join(', ')}`
  return message ?? 'is not valid'
}
