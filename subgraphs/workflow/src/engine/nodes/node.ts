import type { NodeDefinition, WorkflowDefinition } from '../../workflows/definition.ts'
import type { Session, StepResult } from '../session.ts'
import type { State, Update } from '../state.ts'

export interface StepContext {
  session: Session
  definition: WorkflowDefinition
  node: NodeDefinition
}

/** A kind of step: what it does with the state. Errors other than `StepError` count as ours. */
export type Step = (state: State, context: StepContext) => Promise<StepResult<Update>>

/** The instructions of the agent that performs a step, or of the one named. */
export const instructionsOf = ({ definition, node }: StepContext, name = node.agent): string =>
  definition.agents.find((agent) => agent.name === name)?.instructions ?? ''
