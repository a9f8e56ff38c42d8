import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type pg from 'pg'
import { SLOW, type Signalbox } from './signalbox.ts'

const WORKER = fileURLToPath(new URL('./slow-worker.js', import.meta.url))
const WARM_UP = 64
const RUNS = 240

/** How many times as fast two worker processes are as one where steps wait for a model, 100 ms each. */
export async function twoWorkers(ours: Signalbox, superuser: pg.Pool, url: string): Promise<number> {
  const one = await rateOf(1)
  return (await rateOf(2)) / one

  async function rateOf(count: number): Promise<number> {
    const workers = Array.from({ length: count }, () => fork(WORKER, { env: { ...process.env, DATABASE_URL: url } }))
    await ours.rate(superuser, WARM_UP, SLOW)
    const rate = await ours.rate(superuser, RUNS, SLOW)
    await Promise.all(workers.map((worker) => (worker.disconnect(), once(worker, 'exit'))))
    return rate
  }
}
