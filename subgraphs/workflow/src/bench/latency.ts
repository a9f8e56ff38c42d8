import type pg from 'pg'
import type { RunTransition } from '../runs/run-transition.entity.ts'
import { KEPT, type Signalbox } from './signalbox.ts'

export const percentile = (values: number[], share: number): number =>
  values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))]!

const SAMPLES = 300

/**
 * One run after the other: from its commit in the queue to the worker's commit that took it, and from the moment a transition was written
 * (before its commit) to its arrival at a subscriber in another connection of the same machine; milliseconds.
 */
export async function latencies(ours: Signalbox, superuser: pg.Pool): Promise<{ pickUp: number[]; toSubscriber: number[] }> {
  const toSubscriber: number[] = []
  const engine = ours.engine(4)
  const ids: string[] = []
  for (let n = 0; n < SAMPLES; n++) {
    const [runId] = await ours.queue(1, KEPT)
    ids.push(runId!)
    const arrivals = new Map<number, number>()
    const transitions = ours.services().subscriptions.runTransitions(runId!, 0)
    for await (const transition of (await transitions) as AsyncIterable<RunTransition>) {
      if (transition.kind === 'NODE_FINISHED') arrivals.set(transition.seq, performance.timeOrigin + performance.now())
      if (transition.kind === 'SUCCEEDED') break
    }
    const { rows } = await superuser.query<{ seq: number; at: number }>(
      'select seq, extract(epoch from recorded_at)::float8 * 1000 as at from workflow.run_transitions where run_id = $1',
      [runId],
    )
    if (n > 20) for (const { seq, at } of rows) if (arrivals.has(seq)) toSubscriber.push(arrivals.get(seq)! - at)
  }
  await engine[Symbol.asyncDispose]()
  const { rows } = await superuser.query<{ ms: number }>(
    `select extract(epoch from b.recorded_at - a.recorded_at)::float8 * 1000 as ms from workflow.run_transitions a
     join workflow.run_transitions b on b.run_id = a.run_id and b.kind = 'STARTED' where a.run_id = any ($1) and a.kind = 'QUEUED'`,
    [ids.slice(20)],
  )
  return { pickUp: rows.map(({ ms }) => ms), toSubscriber }
}
