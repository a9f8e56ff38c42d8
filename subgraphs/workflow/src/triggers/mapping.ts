import { BadUserInputError, type FieldFault } from '@signalbox/shared/errors'
import type { RunItem } from '../runs/create-runs.ts'
import { ExpressionError, parseExpression, type Expression } from './expression.ts'

/** How a run's input is made of what happened: expressions (`expression.ts`). */
export interface Mapping {
  /** One expression for the whole input, or one for each of its fields. */
  input: string | Record<string, string>
  caseId?: string | null
  idempotencyKey?: string | null
}

/** What a webhook's expressions see. */
export const WEBHOOK_VARIABLES = ['body', 'headers', 'query'] as const
export const SCHEDULE_VARIABLES = ['scheduledAt'] as const
export const RUN_VARIABLES = ['run'] as const

/** @param path of the mapping in the caller's input @throws {BadUserInputError} naming each expression that is wrong */
export function checkMapping(given: unknown, variables: readonly string[], path = 'mapping'): Mapping {
  const faults: FieldFault[] = []
  const mapping = given as { input?: unknown; caseId?: unknown; idempotencyKey?: unknown }
  const check = (expression: unknown, at: string) => {
    const message = faultOf(expression, variables)
    if (message !== undefined) faults.push({ path: `${path}.${at}`, message })
  }
  const { input } = mapping
  if (typeof input === 'string') check(input, 'input')
  else if (typeof input !== 'object' || input === null || Array.isArray(input))
    faults.push({ path: `${path}.input`, message: 'must be an expression, or an object with an expression for each field' })
  else if (Object.keys(input).length > 100) faults.push({ path: `${path}.input`, message: 'must have at most 100 fields' })
  else for (const [field, expression] of Object.entries(input)) check(expression, `input.${field}`)
  for (const field of ['caseId', 'idempotencyKey'] as const) if (mapping[field] != null) check(mapping[field], field)
  if (faults.length > 0) throw new BadUserInputError('An expression cannot be used.', faults)
  return { input: input as Mapping['input'], caseId: text(mapping.caseId), idempotencyKey: text(mapping.idempotencyKey) }
}

const text = (value: unknown) => (typeof value === 'string' ? value : null)

/** @throws {BadUserInputError} at `path` */
export function checkExpression(expression: string, variables: readonly string[], path: string): string {
  const message = faultOf(expression, variables)
  if (message !== undefined) throw new BadUserInputError('An expression cannot be used.', [{ path, message }])
  return expression
}

function faultOf(expression: unknown, variables: readonly string[]): string | undefined {
  if (typeof expression !== 'string') return 'must be an expression'
  try {
    parsed(expression, variables)
    return undefined
  } catch (error) {
    return (error as Error).message
  }
}

/** @throws {BadUserInputError} naming each expression that gave nothing */
export function applyMapping(mapping: Mapping, values: Record<string, unknown>): RunItem {
  const faults: FieldFault[] = []
  const evaluate = (expression: string, path: string) => {
    try {
      return parsed(expression, Object.keys(values))(values)
    } catch (error) {
      if (!(error instanceof ExpressionError)) throw error
      faults.push({ path, message: error.message })
      return null
    }
  }
  const word = (expression: string | null | undefined, path: string) => {
    if (expression == null) return null
    const value = evaluate(expression, path)
    return value === null ? null : typeof value === 'string' ? value : JSON.stringify(value)
  }
  const { input } = mapping
  const item = {
    input:
      typeof input === 'string'
        ? evaluate(input, 'mapping.input')
        : Object.fromEntries(Object.entries(input).map(([field, one]) => [field, evaluate(one, `mapping.input.${field}`)])),
    caseId: word(mapping.caseId, 'mapping.caseId'),
    idempotencyKey: word(mapping.idempotencyKey, 'mapping.idempotencyKey'),
  }
  if (faults.length > 0) throw new BadUserInputError('An expression gave no value.', faults)
  return item
}

/** Whether the condition holds; what gives no value does not. */
export function holds(condition: string, values: Record<string, unknown>): boolean {
  try {
    return parsed(condition, Object.keys(values))(values) === true
  } catch (error) {
    if (error instanceof ExpressionError) return false
    throw error
  }
}

const kept = new Map<string, Expression>()

function parsed(expression: string, variables: readonly string[]): Expression {
  const key = `${variables.join()}:${expression}`
  let found = kept.get(key)
  if (found === undefined) {
    found = parseExpression(expression, variables)
    if (kept.size >= 1_000) kept.delete(kept.keys().next().value!)
    kept.set(key, found)
  }
  return found
}
