import pg from 'pg'
import type { Signalbox } from './signalbox.ts'

const RUNS = 200

/** What this process sends to Postgres for a run, from its start, one at a time as a person would, to its end. */
export async function countStatements(ours: Signalbox, superuser: pg.Pool, concurrency: number): Promise<number> {
  const original = pg.Client.prototype.query
  let sent = 0
  await ours.queue(10)
  pg.Client.prototype.query = function (this: pg.Client, ...given: unknown[]) {
    if (this.database !== undefined && !isOurOwnLook(given[0])) sent += 1
    return Reflect.apply(original, this, given)
  } as never
  try {
    const engine = ours.engine(concurrency)
    await ours.queue(RUNS)
    await ours.untilIdle(superuser)
    await engine[Symbol.asyncDispose]()
  } finally {
    pg.Client.prototype.query = original
  }
  return sent / (RUNS + 10)
}

/** The question of this bench whether all is done. */
const isOurOwnLook = (query: unknown) => typeof query === 'string' && query.startsWith('select exists (select from workflow.runs')
