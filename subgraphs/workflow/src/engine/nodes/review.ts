import type { KnowledgeHit } from '../../knowledge/knowledge-hit.ts'
import { ask } from '../ask.ts'
import { StepError } from '../failures.ts'
import type { ReviewAnswer, ReviewRequest } from '../interrupts.ts'
import { listOf, rendered, textOf, valueOf, valuesIn, type Step, type StepContext } from './node.ts'

/** Evidence that a reviewer is shown; the state keeps all of it. */
const SHOWN = 10

/** Asks a person and goes on with the answer. Runs from its top again when it is resumed, so nothing happens before the question. */
export const review: Step<'review'> = async (context) => {
  const { node } = context
  const request = requestOf(context)
  const answer = ask<ReviewAnswer>(context.config, request)
  if (answer.action === 'EXPIRE') throw new StepError('TIMEOUT', 'Nobody decided in time.', false)
  const decided = { ...request.proposal, ...answer.value }
  const final = { ...decided, ...valuesIn(context, node.derive ?? {}, { final: decided }) }
  return {
    result: { ...answer, final, personNeeded: null },
    summary: OUTCOMES[answer.action],
  }
}

const OUTCOMES = {
  APPROVE: 'Goes on as proposed.',
  EDIT: 'Goes on with what the person changed.',
  RESPOND: "Goes on with the person's answer.",
  REJECT: 'A person rejected the proposal.',
}

function requestOf(context: StepContext<'review'>): ReviewRequest {
  const { node } = context
  const reason = node.reason === undefined ? 'A person must decide.' : rendered(context, node.reason)
  return {
    type: 'review',
    node: node.name,
    summary: reason,
    question: rendered(context, node.question),
    proposal: { ...valuesIn(context, node.proposal), reason },
    evidence: listOf<KnowledgeHit>(context, node.evidence ?? '[]').slice(0, SHOWN),
    confidence: node.confidence === undefined ? null : Number(valueOf(context, node.confidence)),
    allowedActions: node.actions,
    responseSchema: node.responseSchema ?? null,
    assignee: node.assignee === undefined ? null : textOf(context, node.assignee) || null,
    dueAt: new Date(Date.now() + node.dueHours * 3_600_000).toISOString(),
  }
}
