import type { ASTNode } from '@marcbachmann/cel-js'
import type { Expression } from './expression.ts'

/** What an expression does, as far as it can be told without its values. */
export interface Inspection {
  /** Paths whose absence it provides for: compared with null, asked for by `has(…)` or read by `.?`. */
  provided: Set<string>
  /** Regular expressions that stand in it as they are. */
  patterns: string[]
}

/** Functions whose second argument is a regular expression. */
const PATTERN_FUNCTIONS = new Set(['like', 'capture'])

export function inspect({ ast }: Expression): Inspection {
  const found: Inspection = { provided: new Set(), patterns: [] }
  visit(ast, found)
  return found
}

function visit(node: ASTNode, found: Inspection): void {
  if (node.op === '==' || node.op === '!=') {
    const [one, other] = node.args
    if (isNull(other)) provide(one, found)
    if (isNull(one)) provide(other, found)
  }
  if (node.op === '.?' || node.op === '[?]') provide(node.args[0], found)
  if (node.op === 'call') {
    const [name, parameters] = node.args
    if (name === 'has' && parameters[0]) provide(parameters[0], found)
    const pattern = PATTERN_FUNCTIONS.has(name) ? parameters[1] : undefined
    if (pattern?.op === 'value' && typeof pattern.args === 'string') found.patterns.push(pattern.args)
  }
  for (const child of childrenOf(node)) visit(child, found)
}

/** `has(a.b.c)` provides for `a`, `a.b` and `a.b.c`: each may be missing. */
function provide(node: ASTNode, found: Inspection): void {
  const path = pathOf(node)
  path?.forEach((_, at) => found.provided.add(path.slice(0, at + 1).join('.')))
}

const isNull = (node: ASTNode) => node.op === 'value' && node.args === null

/** `a.b.c` as its names; null for anything else. */
export function pathOf(node: ASTNode): string[] | null {
  if (node.op === 'id') return [node.args]
  if (node.op !== '.' && node.op !== '.?') return null
  const before = pathOf(node.args[0])
  return before === null ? null : [...before, node.args[1]]
}

const isNode = (value: unknown): value is ASTNode => typeof value === 'object' && value !== null && 'op' in value

export function childrenOf({ args }: ASTNode): ASTNode[] {
  if (isNode(args)) return [args]
  return Array.isArray(args) ? args.flat(2).filter(isNode) : []
}
