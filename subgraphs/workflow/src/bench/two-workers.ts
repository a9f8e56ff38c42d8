import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type pg from 'pg'
import { SLOW, type Signalbox } from './signalbox.ts'

const WORKER = fileURLToPath(new URL('./slow-worker.js', import.meta.url))
const RUNS = 160

/** How many times as fast two worker processes are as one where steps wait for a model, 40 ms each. */
export async function twoWorkers(ours: Signalbox, superuser: pg.Pool, url: string): Promise<number> {
  const one = await timeOf(1)
  const two = await timeOf(2)
  return one / two

  async function timeOf(count: number): Promise<number> {
    await ours.queue(RUNS, SLOW)
    const workers = await Promise.all(Array.from({ length: count }, () => start(url)))
    const started = performance.now()
    for (const worker of workers) worker.send('go')
    await ours.untilIdle(superuser)
    const took = performance.now() - started
    await Promise.all(workers.map((worker) => (worker.disconnect(), once(worker, 'exit'))))
    return took
  }
}

async function start(url: string): Promise<ChildProcess> {
  const worker = fork(WORKER, { env: { ...process.env, DATABASE_URL: url } })
  await once(worker, 'message')
  return worker
}
