import type { ValidateFunction } from 'ajv/dist/2020.js'
import { schemaCompiler } from '../json-schema.ts'
import { ModelError, SchemaFaultError } from './model-error.ts'
import { parsedJson } from './model-request.ts'
import type { ToolOffer } from './reasoning-model.ts'

const ajv = schemaCompiler({ addUsedSchema: false })
const validators = new WeakMap<object, ValidateFunction>()

/** @throws {ModelError} for a schema that cannot be used: no call would get through */
function validatorOf({ name, parameters }: ToolOffer): ValidateFunction {
  let validate = validators.get(parameters)
  if (validate !== undefined) return validate
  try {
    validate = ajv.compile(parameters)
    // Kept here for as long as the tool is, and not in Ajv for good.
    ajv.removeSchema(parameters)
  } catch {
    throw new ModelError(`The parameters of the tool "${name}" are not a schema that can be checked.`, false)
  }
  validators.set(parameters, validate)
  return validate
}

export const checkToolSchemas = (tools: ToolOffer[]): void => tools.forEach((tool) => void validatorOf(tool))

/**
 * The arguments of a call, which fit the tool's schema.
 * @throws {SchemaFaultError} telling the first thing that does not fit
 */
export function checkedArguments(tool: ToolOffer, json: string): Record<string, unknown> {
  const value = json.trim() === '' ? {} : parsedJson(json)
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new SchemaFaultError('The arguments of the tool were not a JSON object.')
  const validate = validatorOf(tool)
  if (validate(value)) return value as Record<string, unknown>
  const [fault] = validate.errors ?? []
  throw new SchemaFaultError(`The arguments of the tool did not fit: ${fault?.instancePath ?? ''} ${fault?.message ?? ''}`)
}
