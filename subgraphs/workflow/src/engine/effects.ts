import { ask } from './ask.ts'
import { StepError } from './failures.ts'
import { DOUBT, type ReviewAnswer, type ReviewRequest, type WaitAnswer, type WaitRequest } from './interrupts.ts'
import { FencedError, type TransitionDraft } from './flusher.ts'
import type { LedgerEntry } from './lease.ts'
import type { StepContext } from './nodes/node.ts'

export interface Effect {
  /** Unique in the step. */
  key: string
  /** The tool's name. */
  kind: string
  /** What it does, for the summary: "store the decision". */
  title: string
  /** What to do when nobody can tell whether it took effect. */
  onUnknown: 'retry' | 'ask' | 'fail'
  perform(idempotencyKey: string): Promise<Record<string, unknown>>
}

/** An error that says what it left behind. */
interface EffectFault {
  unknown?: boolean
}

/**
 * Performs an effect of one visit of a step once, as far as the other side lets us: it is recorded before it is tried and settled after, and
 * one that an earlier try settled gives its result again. One that is recorded and neither settled nor failed is unknown (the worker died
 * meanwhile, or no answer came): it is repeated under the same key where the other side recognises that, else a person says whether it
 * happened, or the step fails.
 */
export async function performEffect(context: StepContext, effect: Effect): Promise<Record<string, unknown>> {
  const { session, node, task, signal } = context
  const { journal, leased } = session
  const { key, kind, title } = effect
  const known = leased.effects.find((entry) => entry.task === task && entry.key === key)
  if (known?.state === 'SETTLED') return known.result as Record<string, unknown>
  const tries = known?.state === 'RECORDED' ? triesOf(known) : 0
  const happened = tries > 0 && isDone(context, effect, tries)
  const entry = known ?? { task, key, state: 'FAILED', result: null }
  if (known === undefined) leased.effects.push(entry)
  const enter = (state: LedgerEntry['state'], result: unknown) => {
    Object.assign(entry, { state, result })
    journal.effect({ task, key, kind, state, result })
  }
  const note = (told: Pick<TransitionDraft, 'kind' | 'summary' | 'durationMs'>, soon = false) =>
    journal.note({ status: 'RUNNING', node: node.name, agent: node.agent ?? null, ...told }, soon)
  if (known === undefined) note({ kind: 'EFFECT_RECORDED', summary: `About to ${title}.` })
  const started = performance.now()
  let result: Record<string, unknown> = { confirmedByPerson: true }
  if (!happened) {
    enter('RECORDED', { tries: tries + 1 })
    await journal.flush()
    if (!session.isSure()) throw new FencedError('the lease may have ended')
    result = await effect.perform(`${leased.runId}:${task}:${key}`).catch((error: EffectFault) => {
      // A call that we broke off may have been heard all the same.
      if (error.unknown !== true && !signal.aborted) enter('FAILED', null)
      throw error
    })
  }
  enter('SETTLED', result)
  note({ kind: 'EFFECT_SETTLED', durationMs: performance.now() - started, summary: `Done: ${title}.` }, true)
  return result
}

/** How often it was tried without anybody knowing what came of it. */
const triesOf = ({ result }: LedgerEntry) => (result as { tries?: number } | null)?.tries ?? 1

/** Whether an effect of which nothing is known counts as done: a person says so. @throws {StepError} where the definition wants none asked */
function isDone(context: StepContext, { title, onUnknown, key }: Effect, tries: number): boolean {
  if (onUnknown === 'retry') return false
  if (onUnknown === 'fail') throw new StepError('TOOL', `Nobody can tell whether this was done: ${title}.`, false)
  const answer = askOnce<ReviewAnswer>(context, `${key}:${tries}`, {
    type: 'review',
    node: context.node.name,
    summary: `Nobody can tell whether this was done: ${title}.`,
    question: `The worker was lost while it was about to ${title}. Did it happen? Approve: it did, go on. Reject: it did not, do it now.`,
    proposal: { effect: key, title },
    evidence: [],
    confidence: null,
    allowedActions: ['APPROVE', 'REJECT'],
    responseSchema: null,
    assignee: null,
    dueHours: 24,
  })
  return answer.action === 'APPROVE'
}

/**
 * What came later to an effect that was done and waits for an answer of the other side, without a worker until then (`workflow.wake_due`).
 * @throws {StepError} when none came in time
 */
export function laterAnswer(context: StepContext, { key, title }: Effect, until: string): unknown {
  const { runId } = context.session.leased
  const answer = askOnce<WaitAnswer>(context, `${key}:answer`, {
    type: 'wait',
    node: context.node.name,
    summary: `Waits for what comes of this: ${title}.`,
    kind: 'EVENT',
    wakeAt: until,
    eventName: 'tool-answer',
    eventKey: `${runId}:${context.task}:${key}`,
  })
  if (answer.timedOut) throw new StepError('TOOL', `No answer came in time to this: ${title}.`, false)
  return answer.payload
}

/** Not by what LangGraph gives back: one answer would stand for all questions of the step, and for the same one after another try. */
function askOnce<A>({ session, task, config }: StepContext, which: string, request: ReviewRequest | WaitRequest): A {
  const doubt = `${task}:${which}`
  const asked = session.leased.interrupts.find(
    ({ interruptId, answered }) => answered && interruptId.endsWith(`${DOUBT}${doubt}`),
  )
  return (asked?.answer as A | undefined) ?? ask<A>(config, { ...request, doubt })
}
