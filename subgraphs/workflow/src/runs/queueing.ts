import { createHash } from 'node:crypto'
import { compileExpression, ExpressionError } from '../expressions/expression.ts'
import type { WorkflowDefinition } from '../workflows/definition.ts'
import type { RunItem } from './create-runs.ts'

/** A longer key is kept as its hash. */
const MAX_KEY = 100

/** How long a run may wait for a worker, and what the workflow's limits count it with (null: it has none). */
export function queueingOf(
  { limits }: Pick<WorkflowDefinition, 'limits'>,
  workflowId: string,
  { input, expiresAt, runAfter }: Pick<RunItem, 'input' | 'expiresAt' | 'runAfter'>,
): { lane: string | null; expiresAt: Date | null } {
  const from = runAfter?.getTime() ?? Date.now()
  const until = limits.queueHours === undefined ? null : new Date(from + limits.queueHours * 3_600_000)
  return { lane: laneOf(limits, workflowId, input), expiresAt: expiresAt ?? until }
}

function laneOf(
  { concurrency, perMinute, key }: WorkflowDefinition['limits'],
  workflowId: string,
  input: unknown,
): string | null {
  if (concurrency === undefined && perMinute === undefined) return null
  return key === undefined ? workflowId : `${workflowId}:${keyOf(key, input)}`
}

/** An input without what the expression reads counts with the others that lack it. */
function keyOf(expression: string, input: unknown): string {
  try {
    const value = compileExpression(expression).evaluate({ input })
    const text = typeof value === 'string' ? value : JSON.stringify(value)
    return text.length <= MAX_KEY ? text : createHash('sha256').update(text).digest('hex').slice(0, 32)
  } catch (error) {
    if (error instanceof ExpressionError) return ''
    throw error
  }
}
