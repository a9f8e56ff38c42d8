import type { Session } from './session.ts'

export interface Effect<R> {
  /** Unique in the run; the same in every try. */
  key: string
  kind: 'ARTIFACT' | 'N8N'
  /** What it does, for the summary: "store the decision". */
  title: string
  perform(): Promise<R>
}

/**
 * Performs effects in order, each once as far as the other side lets us: all are recorded in one write before the first is tried, each
 * is settled after, and one that an earlier try settled gives its result again. One that was recorded and not settled (the worker died
 * in between) is tried again under the same key.
 */
export async function performEffects<R>(
  session: Session,
  node: string,
  agent: string | null,
  effects: Effect<R>[],
): Promise<R[]> {
  const { journal, leased } = session
  const unrecorded = effects.filter(({ key }) => leased.effects[key] === undefined)
  for (const { key, kind, title } of unrecorded) {
    journal.effect({ key, kind, settled: false, result: null })
    journal.note({ kind: 'EFFECT_RECORDED', status: 'RUNNING', node, agent, summary: `About to ${title}.` })
    leased.effects[key] = { settled: false, result: null }
  }
  if (unrecorded.length > 0) await journal.flush()
  const results: R[] = []
  for (const effect of effects) results.push(await perform(session, node, agent, effect))
  return results
}

async function perform<R>(
  { journal, leased }: Session,
  node: string,
  agent: string | null,
  { key, kind, title, perform }: Effect<R>,
): Promise<R> {
  const entry = leased.effects[key]!
  if (entry.settled) return entry.result as R
  const started = performance.now()
  const result = await perform()
  leased.effects[key] = { settled: true, result }
  journal.effect({ key, kind, settled: true, result })
  journal.note(
    {
      kind: 'EFFECT_SETTLED',
      status: 'RUNNING',
      node,
      agent,
      durationMs: performance.now() - started,
      summary: `Done: ${title}.`,
    },
    true,
  )
  return result
}
