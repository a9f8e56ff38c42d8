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
  const byPerson = answer.decidedBy !== NOBODY
  const decided = { ...request.proposal, ...answer.value }
  const final = { ...decided, ...valuesIn(context, node.derive ?? {}, { final: decided }) }
  return {
    result: { ...answer, decidedBy: byPerson ? answer.decidedBy : null, final, personNeeded: null },
    summary: byPerson ? OUTCOMES[answer.action] : `Nobody decided in time. ${EXPIRED[answer.action] ?? ''}`.trim(),
  }
}

/** The system actor that decides where nobody did. */
const NOBODY = 'expiry'
const EXPIRED: Record<string, string> = { APPROVE: 'Goes on as proposed.', REJECT: 'It counts as rejected.' }
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
    dueHours: node.dueHours,
    role: node.role ?? null,
    quorum: quorumOf(context),
    selfApproval: node.selfApproval,
    effect: node.effect === undefined ? null : valueOf(context, node.effect),
    before: node.before === undefined ? null : valueOf(context, node.before),
    remindHours: node.remindHours,
    escalations: node.escalations,
    onExpiry: node.onExpiry ?? null,
    mails: node.notify?.mail === undefined ? 'LATER' : node.notify.mail ? 'ALL' : 'NONE',
    resumeUrl: node.notify?.n8n === true ? resumeUrlOf(context) : null,
  }
}

/** @throws {StepError} when the expression gives no number of people */
function quorumOf(context: StepContext<'review'>): number {
  const { quorum, name } = context.node
  const people = typeof quorum === 'number' ? quorum : Number(valueOf(context, quorum))
  // A policy that asks for nobody says 0.
  if (Number.isInteger(people) && people >= 0 && people <= 10) return Math.max(1, people)
  throw new StepError('PLATFORM', `The step "${name}" needs a number of people from 1 to 10.`, false)
}

/** The address that n8n's Wait node goes on at: the run was started with it, as `resumeUrl` or `n8n.resumeUrl`. */
function resumeUrlOf({ session }: StepContext): string | null {
  const { resumeUrl, n8n } = session.leased.input as { resumeUrl?: unknown; n8n?: { resumeUrl?: unknown } | null }
  const url = resumeUrl ?? n8n?.resumeUrl
  return typeof url === 'string' && url.length <= 2_000 && URL.canParse(url) ? url : null
}
