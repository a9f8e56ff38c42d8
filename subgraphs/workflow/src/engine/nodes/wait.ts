import { ask } from '../ask.ts'
import { StepError } from '../failures.ts'
import type { WaitAnswer, WaitRequest } from '../interrupts.ts'
import { textOf, valueOf, type Step, type StepContext } from './node.ts'

/** Waits for a time or an event, without a worker. */
export const wait: Step<'wait'> = async (context) => {
  const request = requestOf(context)
  const answer = ask<WaitAnswer>(context.config, request)
  return {
    result: { timedOut: answer.timedOut, payload: answer.payload },
    summary:
      request.kind === 'TIME' ? 'The time has come.' : answer.timedOut ? 'The event did not come in time.' : 'The event came.',
  }
}

function requestOf(context: StepContext<'wait'>): WaitRequest {
  const { node } = context
  const wakeAt = wakeTime(context)
  const until = wakeAt === null ? '' : ` until ${wakeAt.slice(0, 16).replace('T', ' ')} UTC`
  if (node.event === undefined) {
    if (wakeAt === null) throw new StepError('PLATFORM', `The step "${node.name}" waits for nothing.`, false)
    return { type: 'wait', node: node.name, kind: 'TIME', wakeAt, summary: `Waits${until}.` }
  }
  return {
    type: 'wait',
    node: node.name,
    kind: 'EVENT',
    wakeAt,
    eventName: node.event.name,
    eventKey: textOf(context, node.event.key),
    summary: `Waits for "${node.event.name}"${until}.`,
  }
}

function wakeTime(context: StepContext<'wait'>): string | null {
  const { node } = context
  if (node.until !== undefined) {
    const time = new Date(textOf(context, node.until))
    if (Number.isNaN(time.getTime())) throw new StepError('INPUT', `The step "${node.name}" needs a time to wait for.`, false)
    return time.toISOString()
  }
  if (node.seconds === undefined) return null
  const seconds = Number(valueOf(context, node.seconds))
  if (!(seconds >= 0 && seconds <= 365 * 86_400))
    throw new StepError('INPUT', `The step "${node.name}" can wait for 0 s to a year.`, false)
  return new Date(Date.now() + seconds * 1_000).toISOString()
}
