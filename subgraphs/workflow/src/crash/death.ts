import type pg from 'pg'
import type { Death } from './messages.ts'

type Query = (this: pg.Client, ...given: unknown[]) => unknown

const WRITES = /workflow\.(flush_runs|advance|create_runs)\(|^commit$/i
/** They write when they give rows. */
const TAKES = /workflow\.(take_runs|wake_due)\(/

/**
 * Ends this process with SIGKILL right before or right after its n-th statement that changes something.
 * @returns what takes it back
 */
export function dieAt(client: { prototype: pg.Client }, { statement, moment }: Death): () => void {
  const query = client.prototype.query as Query
  let seen = 0
  const isLast = () => (seen += 1) === statement
  client.prototype.query = function (this: pg.Client, ...given: unknown[]) {
    const text = textOf(given[0])
    if (WRITES.test(text)) {
      if (!isLast()) return query.apply(this, given)
      if (moment === 'before') die()
      const sent = query.apply(
        this,
        given.map((one) => (typeof one === 'function' ? die : one)),
      )
      return sent instanceof Promise ? sent.finally(die) : sent
    }
    if (!TAKES.test(text) || moment === 'before') return query.apply(this, given)
    return query.apply(
      this,
      given.map((one) => (typeof one === 'function' ? onRows(one as Done, isLast) : one)),
    )
  } as never
  return () => (client.prototype.query = query as never)
}

type Done = (error: unknown, result: { rowCount: number } | undefined) => void

const onRows =
  (done: Done, isLast: () => boolean): Done =>
  (error, result) => {
    if ((result?.rowCount ?? 0) > 0 && isLast()) die()
    done(error, result)
  }

const textOf = (query: unknown): string => (typeof query === 'string' ? query : ((query as { text?: string }).text ?? ''))

function die(): never {
  process.kill(process.pid, 'SIGKILL')
  // The signal is on its way; nothing more may happen.
  for (;;) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)
}
