import { compileExpression } from '../expressions/expression.ts'
import { faultsOf } from '../runs/input-check.ts'
import type { WorkflowDefinition } from '../workflows/definition.ts'
import { StepError } from './failures.ts'
import { evaluated } from './nodes/node.ts'
import { valuesOf, type State } from './state.ts'

/**
 * What a run that went through gave, by its definition's `result`, and whether no person decided anything.
 * @throws {StepError} when it does not fit the output schema
 */
export function outcomeOf(definition: WorkflowDefinition, state: State): { output: Record<string, unknown>; automated: boolean } {
  const values = valuesOf(definition, state)
  const output = Object.fromEntries(
    Object.entries(definition.result).map(([name, expression]) => [
      name,
      evaluated('result', () => compileExpression(expression).evaluate(values)),
    ]),
  )
  const [fault] = faultsOf(definition.output, output, 'output')
  if (fault !== undefined)
    throw new StepError('PLATFORM', `The result does not fit the workflow’s output: ${fault.path} ${fault.message}.`, false)
  const automated = !definition.nodes.some(
    ({ name, kind }) =>
      kind === 'review' && [values[name]].flat().some((one) => (one as { decidedBy?: unknown } | null)?.decidedBy != null),
  )
  return { output, automated }
}
