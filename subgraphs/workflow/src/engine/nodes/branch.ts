import { needOfPerson } from '../review-policy.ts'
import { textOf, valueOf, type Step } from './node.ts'

/** Chooses the way on; with `policy`, judges whether a person must decide. */
export const branch: Step<'branch'> = async (context) => {
  const { node, definition, session, task } = context
  if (node.policy === undefined) return { result: { personNeeded: null, quorum: 0 }, summary: 'Chose how to go on.' }
  const { action, amount, confidence } = node.policy
  const number = (expression: string | undefined) => (expression === undefined ? null : Number(valueOf(context, expression)))
  const facts = {
    label: null,
    action: action === undefined ? null : textOf(context, action),
    amount: number(amount),
    confidence: number(confidence),
    threshold: definition.policy.review.confidence?.threshold ?? null,
  }
  const need = needOfPerson(definition.policy.review, facts, `${session.leased.runId}:${task}`)
  return { result: { ...need }, summary: need.personNeeded ?? 'The policy asks for no person.' }
}
