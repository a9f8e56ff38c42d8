import { Environment, type ASTNode } from '@marcbachmann/cel-js'

const MAX_LENGTH = 2_000
/** Characters of all texts that one expression may give, names of fields included. */
const MAX_RESULT = 512 * 1024

/** Why an expression cannot be used, or gave nothing, in one line. */
export class ExpressionError extends Error {}

/** Gives the value for these variables. @throws {ExpressionError} */
export type Expression = (variables: Record<string, unknown>) => unknown

/**
 * An expression of the Common Expression Language (https://cel.dev) over these variables.
 *
 * What a stranger sends is evaluated in a process that serves everybody, so the work stays in proportion to what was sent: a loop within a
 * loop goes over parts of the outer loop's item, and regular expressions, which can take for ever, are not there.
 * @throws {ExpressionError}
 */
export function parseExpression(text: string, variables: readonly string[]): Expression {
  if (text.trim() === '') throw new ExpressionError('is empty')
  if (text.length > MAX_LENGTH) throw new ExpressionError(`must have at most ${MAX_LENGTH} characters`)
  const environment = new Environment({
    enableOptionalTypes: true,
    homogeneousAggregateLiterals: false,
    limits: { maxAstNodes: 300, maxDepth: 40 },
  })
  for (const name of variables) environment.registerVariable(name, 'dyn')
  const evaluate = attempt(() => {
    const parsed = environment.parse(text)
    const { valid, error } = parsed.check()
    if (!valid) throw error ?? new Error('does not fit together')
    return parsed
  })
  checkWork(evaluate.ast)
  return (values) => attempt(() => toPlain(evaluate(values), { left: MAX_RESULT }))
}

function attempt<T>(work: () => T): T {
  try {
    return work()
  } catch (error) {
    if (error instanceof ExpressionError) throw error
    // The library's messages go on with the place, drawn in further lines.
    const [line = ''] = String((error as Error).message).split('\n')
    const message = line === 'Unexpected token: EOF' ? 'ends before it is complete' : line.slice(0, 300)
    throw new ExpressionError(message, { cause: error })
  }
}

const LOOPS = new Set(['all', 'exists', 'exists_one', 'map', 'filter', 'transformList', 'transformMap'])

/** @param item the name of the innermost loop's item @throws {ExpressionError} */
function checkWork(node: unknown, item?: string): void {
  if (Array.isArray(node)) return node.forEach((one) => checkWork(one, item))
  if (!isNode(node)) return
  if (node.op === 'rcall') {
    const [name, receiver, given] = node.args
    if (name === 'matches') throw new ExpressionError('matches is not available: use contains, startsWith or endsWith')
    const variable = given[0]
    if (LOOPS.has(name) && variable?.op === 'id') {
      if (item !== undefined && rootOf(receiver) !== item)
        throw new ExpressionError(`a loop within a loop must go over a part of "${item}"`)
      checkWork(receiver, item)
      return given.slice(1).forEach((one) => checkWork(one, variable.args))
    }
  }
  if (node.op === 'call' && node.args[0] === 'matches')
    throw new ExpressionError('matches is not available: use contains, startsWith or endsWith')
  checkWork(node.args, item)
}

const isNode = (value: unknown): value is ASTNode => typeof value === 'object' && value !== null && 'op' in value

/** The variable that a path such as `order.lines[0].names` begins with. */
function rootOf(node: ASTNode): string | undefined {
  if (node.op === 'id') return node.args
  return node.op === '.' || node.op === '.?' || node.op === '[]' || node.op === '[?]' ? rootOf(node.args[0]) : undefined
}

/** The value as JSON has it: whole numbers of CEL are BigInts, times are Dates. */
function toPlain(value: unknown, budget: { left: number }): unknown {
  spend(budget, typeof value === 'string' ? value.length : 1)
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value
  if (typeof value === 'number') return finite(value)
  if (typeof value === 'bigint') return whole(value)
  if (value instanceof Date) return value.toISOString()
  if (Array.isArray(value)) return value.map((item) => toPlain(item, budget))
  if (value instanceof Map || isRecord(value)) {
    const entries = value instanceof Map ? [...value] : Object.entries(value)
    return Object.fromEntries(entries.map(([key, item]) => [toKey(key, budget), toPlain(item, budget)]))
  }
  throw new ExpressionError('gives what JSON cannot hold; a missing value needs .orValue(…)')
}

function toKey(key: unknown, budget: { left: number }): string {
  const text = String(key)
  spend(budget, text.length)
  return text
}

function spend(budget: { left: number }, length: number) {
  budget.left -= length
  if (budget.left < 0) throw new ExpressionError('gives too much: 512 KB at most')
}

function finite(value: number): number {
  if (!Number.isFinite(value)) throw new ExpressionError('gives a number that is not finite')
  return value
}

function whole(value: bigint): number {
  if (!Number.isSafeInteger(Number(value))) throw new ExpressionError('gives a whole number that is too large')
  return Number(value)
}

/** Of another realm too: what was parsed in a test's is. */
const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' &&
  value !== null &&
  (Object.getPrototypeOf(value) === null || Object.getPrototypeOf(Object.getPrototypeOf(value)) === null)
