import type { LangGraphRunnableConfig } from '@langchain/langgraph'
import { compileExpression, ExpressionError, type Values } from '../../expressions/expression.ts'
import { render } from '../../expressions/template.ts'
import type { NodeKind, NodeOf, WorkflowDefinition } from '../../workflows/definition.ts'
import type { ReasoningModel } from '../../reasoning/reasoning-model.ts'
import { StepError } from '../failures.ts'
import type { Session, StepResult } from '../session.ts'

export interface StepContext<K extends NodeKind = NodeKind> {
  session: Session
  definition: WorkflowDefinition
  node: NodeOf<K>
  /** What expressions see. */
  values: Values
  /** This visit of the step, and of a parallel map the item: the same in every try. */
  task: string
  /** LangGraph's, for `ask`. */
  config: LangGraphRunnableConfig
  /** Fires when the run is no longer ours or the try takes too long. */
  signal: AbortSignal
}

/** A kind of step. Errors other than `StepError` count as ours. It may run twice, so what it does outside is an effect (`effects.ts`). */
export type Step<K extends NodeKind> = (context: StepContext<K>) => Promise<StepResult>

/** Turns a fault of an expression into a failure of the step that it belongs to. */
export function evaluated<T>(node: string, work: () => T): T {
  try {
    return work()
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error
    throw new StepError('PLATFORM', `The step "${node}" could not be worked out: ${error.message}.`, false, { cause: error })
  }
}

export const valueOf = ({ node, values }: StepContext, expression: string, more: Values = {}): unknown =>
  evaluated(node.name, () => compileExpression(expression).evaluate({ ...values, ...more }))

export const textOf = (context: StepContext, expression: string, more: Values = {}): string => {
  const value = valueOf(context, expression, more)
  return typeof value === 'string' ? value : value === null ? '' : JSON.stringify(value)
}

/** The list that an expression gives; null counts as empty. */
export function listOf<T>(context: StepContext, expression: string): T[] {
  const value = valueOf(context, expression) ?? []
  if (!Array.isArray(value))
    throw new StepError('PLATFORM', `The step "${context.node.name}" needs a list from "${expression}".`, false)
  return value as T[]
}

export const valuesIn = (context: StepContext, expressions: Record<string, string>, more: Values = {}): Record<string, unknown> =>
  Object.fromEntries(Object.entries(expressions).map(([name, expression]) => [name, valueOf(context, expression, more)]))

export const rendered = ({ node, values }: StepContext, template: string): string =>
  evaluated(node.name, () => render(template, values))

/** The agent of that name: its model, its instructions, its tools. */
export function agentOf(context: StepContext, name = context.node.agent) {
  const { session, definition } = context
  const agent = definition.agents.find((one) => one.name === name)
  return {
    model: session.tools.modelNamed(agent?.model ?? 'default', agent?.redact ?? []) satisfies ReasoningModel,
    instructions: agent === undefined ? '' : rendered(context, agent.instructions),
    tools: agent?.tools ?? [],
  }
}
