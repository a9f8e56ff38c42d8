import { Environment, type ASTNode } from '@marcbachmann/cel-js'
import { registerFunctions } from './functions.ts'
import { childrenOf, pathOf } from './inspect.ts'

/** Values by name that an expression sees. */
export type Values = Record<string, unknown>

/** What is wrong with an expression, in one sentence for its author. */
export class ExpressionError extends Error {
  override name = 'ExpressionError'
}

export interface Expression {
  readonly text: string
  /** What it reads: `['decide']`, `['decide', 'confidence']`, without what its own macros bind. */
  readonly references: string[][]
  readonly ast: ASTNode
  /** What it gives in CEL's words (`bool`, `dyn` for what only its values tell), or what is wrong with it whatever the values are. */
  typeCheck(): { type: string } | { fault: string }
  /** A JSON value. @throws {ExpressionError} when the values do not have what it reads */
  evaluate(values: Values): unknown
}

/** Longest text of one expression. */
export const MAX_EXPRESSION = 4_000
const MAX_CACHED = 2_000

const environment = registerFunctions(
  new Environment({
    unlistedVariablesAreDyn: true,
    homogeneousAggregateLiterals: false,
    enableOptionalTypes: true,
    limits: { maxAstNodes: 1_000, maxDepth: 50, maxListElements: 200, maxMapEntries: 200, maxCallArguments: 16 },
  }),
)
const compiled = new Map<string, Expression>()

/**
 * An expression in CEL, the Common Expression Language (https://cel.dev): it has no loops and no side effects, so it always ends.
 * `functions.ts` says what it can call beside CEL's own.
 * @throws {ExpressionError} when it cannot be read
 */
export function compileExpression(text: string): Expression {
  const known = compiled.get(text)
  if (known !== undefined) return known
  const expression = compile(text)
  if (compiled.size >= MAX_CACHED) compiled.delete(compiled.keys().next().value!)
  compiled.set(text, expression)
  return expression
}

function compile(text: string): Expression {
  if (text.length > MAX_EXPRESSION) throw new ExpressionError(`An expression has at most ${MAX_EXPRESSION} characters.`)
  const parsed = attempt(() => environment.parse(text))
  const references: string[][] = []
  collect(parsed.ast, new Set(), references)
  return {
    text,
    references,
    ast: parsed.ast,
    typeCheck: () => {
      const { valid, type, error } = parsed.check()
      return valid ? { type: type ?? 'dyn' } : { fault: (error?.message ?? 'cannot be read').split('\n')[0]! }
    },
    evaluate: (values) => attempt(() => toJsonValue(parsed(values))),
  }
}

/** Whether it is true; null counts as false. @throws {ExpressionError} when it is something else than yes or no */
export function holds(text: string, values: Values): boolean {
  const value = compileExpression(text).evaluate(values)
  if (value === null || typeof value === 'boolean') return value === true
  throw new ExpressionError(`"${text}" must be true or false.`)
}

function attempt<T>(work: () => T): T {
  try {
    return work()
  } catch (error) {
    if (error instanceof ExpressionError) throw error
    throw new ExpressionError((error as Error).message.split('\n')[0], { cause: error })
  }
}

/** CEL's integers, maps and optionals as JSON has them. */
function toJsonValue(value: unknown): unknown {
  if (typeof value === 'bigint') return Number(value)
  if (value === undefined) return null
  if (value === null || typeof value !== 'object') return value
  if (value instanceof Date) return value.toISOString()
  if (Array.isArray(value)) return value.map(toJsonValue)
  const entries = value instanceof Map ? [...value] : Object.entries(value)
  return Object.fromEntries(entries.map(([key, one]) => [String(key), toJsonValue(one)]))
}

/** Macros of CEL that bind a name: `list.map(name, …)`. */
const BINDING = new Set(['all', 'exists', 'exists_one', 'map', 'filter', 'bind'])
/** Names that only functions hang on: `optional.of(…)`, `cel.bind(…)`. */
const NAMESPACES = new Set(['cel', 'optional'])

function collect(node: ASTNode, bound: Set<string>, found: string[][]): void {
  const path = pathOf(node)
  if (path !== null) {
    if (!bound.has(path[0]!)) found.push(path)
    return
  }
  if (node.op === 'rcall') {
    const [name, receiver, parameters] = node.args
    if (name === 'matches') throw new ExpressionError('Use like(text, pattern) instead of matches(…): it cannot hang.')
    if (!(receiver.op === 'id' && NAMESPACES.has(receiver.args))) collect(receiver, bound, found)
    const [variable] = parameters
    const inner = BINDING.has(name) && variable?.op === 'id' ? new Set([...bound, variable.args]) : bound
    for (const parameter of parameters) collect(parameter, inner, found)
    return
  }
  for (const child of childrenOf(node)) collect(child, bound, found)
}
