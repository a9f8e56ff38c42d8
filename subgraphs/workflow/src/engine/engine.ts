import { randomUUID } from 'node:crypto'
import { hostname } from 'node:os'
import pg from 'pg'
import type { Logger } from '@signalbox/shared/logger'
import { Clock, type ClockTask } from '../clock.ts'
import { CONTROL_CHANNEL, JOBS_CHANNEL, RunNotifier } from '../runs/run-notifier.ts'
import { Dispatcher } from './dispatcher.ts'
import { dueTasks } from './due.ts'
import { Executor } from './executor.ts'
import { Leases } from './lease.ts'
import { Listener } from './listener.ts'
import type { ToolsOf } from './session.ts'

export interface EngineOptions {
  databaseUrl: string
  tools: ToolsOf
  log: Logger
  /** Runs whose steps are executed at the same time. */
  concurrency: number
  leaseMs: number
  pollMs: number
  drainMs: number
  /** What else falls due in this process. */
  tasks?(notifier: RunNotifier): ClockTask[]
}

/** Everything that executes runs in one process. Disposing it drains: no new runs, those under way end or stop at their next step. */
export function startEngine(options: EngineOptions): AsyncDisposable {
  const { databaseUrl, tools, log, concurrency, leaseMs, pollMs, drainMs, tasks = () => [] } = options
  // Only in this instant of a run's life does a place use the pool, so fewer connections than places do.
  const pool = new pg.Pool({
    connectionString: databaseUrl,
    max: Math.min(concurrency + 1, 10),
    connectionTimeoutMillis: 5_000,
    keepAlive: true,
  })
  pool.on('error', (error) => log.warn({ err: error }, 'a database connection was lost'))
  const leases = new Leases({ pool, log, leaseMs, owner: `${hostname()}:${process.pid}:${randomUUID().slice(0, 8)}` })
  const notifier = new RunNotifier(pool, log)
  const executor = new Executor({ pool, log, leases, notifier, tools })
  const dispatcher = new Dispatcher({ leases, executor, log, concurrency, pollMs, drainMs })
  const clock = new Clock([...dueTasks(pool, notifier, pollMs), ...tasks(notifier)], log)
  const listener = new Listener({
    url: databaseUrl,
    log,
    channels: { [JOBS_CHANNEL]: () => dispatcher.wake(), [CONTROL_CHANNEL]: () => leases.look() },
    onConnected: () => {
      dispatcher.wake()
      leases.look()
    },
  })
  dispatcher.start()
  const stop = async () => {
    await Promise.all([listener[Symbol.asyncDispose](), clock[Symbol.asyncDispose]()])
    await dispatcher[Symbol.asyncDispose]()
    leases[Symbol.dispose]()
    await notifier.flush()
    await pool.end()
  }
  let stopped: Promise<void> | undefined
  return { [Symbol.asyncDispose]: () => (stopped ??= stop()) }
}
