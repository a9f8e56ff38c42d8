import { interrupt } from '@langchain/langgraph'
import type { ReviewAnswer, ReviewRequest } from '../review-request.ts'
import { textOf, type Decision, type State } from '../state.ts'
import { actionFor } from './decide.ts'
import type { Step, StepContext } from './node.ts'

/** Evidence that a reviewer is shown; the state keeps all of it. */
const SHOWN = 10

const RESPONSE_SCHEMA = {
  type: 'object',
  properties: {
    intent: { type: 'string', minLength: 1, maxLength: 200, title: 'Intent' },
    reply: { type: 'string', minLength: 1, maxLength: 20_000, title: 'Reply' },
  },
  additionalProperties: false,
}

/** Asks a person and goes on with the answer. Runs from its top again when it is resumed, so nothing happens before the question. */
export const review: Step = async (state, context) => {
  const answer = interrupt<ReviewRequest, ReviewAnswer>(requestOf(state, context))
  const intent = answer.value?.intent ?? state.decision!.intent
  const action = answer.action === 'EDIT' ? actionFor(context.definition, intent) : state.decision!.action
  const decision: Decision = { ...state.decision!, intent, action }
  return { update: { answer, decision, draft: answer.value?.reply?.trim() ?? state.draft }, summary: OUTCOMES[answer.action] }
}

const OUTCOMES: Record<ReviewAnswer['action'], string> = {
  APPROVE: 'Goes on as proposed.',
  EDIT: 'Goes on with what the person changed.',
  RESPOND: "Goes on with the person's answer.",
  REJECT: 'Ends here: the person rejected the proposal.',
}

function requestOf(state: State, { node, definition }: StepContext): ReviewRequest {
  const { intent, action, confidence, threshold, personNeeded } = state.decision!
  const reason = state.verdict?.outcome === 'give-to-person' ? state.verdict.reason : (personNeeded ?? 'A person must decide.')
  return {
    node: node.name,
    summary: reason,
    question: `Shall we ${action === 'reply' ? 'send this reply' : `do "${action}" and send this reply`}? The request looks like "${intent}".`,
    proposal: { intent, action, reply: state.draft, confidence, threshold, reason, text: textOf(state) },
    evidence: state.evidence.slice(0, SHOWN),
    confidence,
    allowedActions: ['APPROVE', 'EDIT', 'RESPOND', 'REJECT'],
    responseSchema: RESPONSE_SCHEMA,
    dueHours: definition.policy.reviewHours,
  }
}
