import { setImmediate } from 'node:timers/promises'
import type { Logger } from '@signalbox/shared/logger'
import type { Executor } from './executor.ts'
import type { Leases } from './lease.ts'

export interface DispatcherOptions {
  leases: Pick<Leases, 'take'>
  executor: Pick<Executor, 'execute' | 'drain'>
  log: Logger
  /** Runs at the same time. */
  concurrency: number
  /** The poll behind the notifications, milliseconds: how late abandoned runs and those with a time are found. */
  pollMs: number
  /** How long a stop waits for runs to end by themselves, milliseconds. */
  drainMs: number
}

/** The worker's loop: takes as many runs as there are free places, woken by a notification, a freed place or the poll. */
export class Dispatcher implements AsyncDisposable {
  readonly #running = new Set<Promise<void>>()
  #timer: NodeJS.Timeout | undefined
  #look: Promise<void> | undefined
  #again = false
  #stopped = false

  constructor(private readonly options: DispatcherOptions) {}

  start() {
    this.#timer = setInterval(() => this.wake(), this.options.pollMs)
    this.wake()
  }

  /** Looks for runs now, once for all places that become free at the same time. */
  wake() {
    this.#again = true
    this.#look ??= setImmediate()
      .then(() => this.#take())
      .finally(() => (this.#look = undefined))
  }

  /** Takes no more runs, lets those under way end, and after a while stops them at their next step. */
  async [Symbol.asyncDispose]() {
    this.#stopped = true
    clearInterval(this.#timer)
    await this.#look
    const late = setTimeout(() => this.options.executor.drain(), this.options.drainMs)
    await Promise.all(this.#running)
    clearTimeout(late)
  }

  get #free() {
    return this.#stopped ? 0 : this.options.concurrency - this.#running.size
  }

  async #take() {
    try {
      while (this.#again && this.#free > 0) {
        this.#again = false
        const wanted = this.#free
        const runs = await this.options.leases.take(wanted)
        for (const run of runs) this.#start(this.options.executor.execute(run))
        this.#again ||= runs.length === wanted
      }
    } catch (error) {
      this.options.log.warn({ err: error }, 'runs to execute cannot be looked for; the poll tries again')
    }
  }

  #start(execution: Promise<void>) {
    const tracked = execution.then(() => {
      this.#running.delete(tracked)
      if (!this.#stopped) this.wake()
    })
    this.#running.add(tracked)
  }
}
