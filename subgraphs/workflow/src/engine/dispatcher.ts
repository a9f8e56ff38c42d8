import { setImmediate } from 'node:timers/promises'
import type { Logger } from '@signalbox/shared/logger'
import type { Executor } from './executor.ts'
import type { LeasedRun, Leases } from './lease.ts'

export interface DispatcherOptions {
  leases: Pick<Leases, 'take'>
  executor: Pick<Executor, 'execute' | 'drain'>
  log: Logger
  /** Runs whose steps are executed at the same time. */
  concurrency: number
  /** The poll behind the notifications, milliseconds: how late abandoned runs and those with a time are found. */
  pollMs: number
  /** How long a stop waits for runs to end by themselves, milliseconds. */
  drainMs: number
}

/**
 * The worker's loop: takes as many runs as there are free places, woken by a notification, a freed place or the poll. A run leaves its place when
 * its steps are over, so that the next one begins while the end of the last is written; those that only write are as many as the places at most.
 */
export class Dispatcher implements AsyncDisposable {
  readonly #placed = new Set<LeasedRun>()
  readonly #underWay = new Set<Promise<void>>()
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
    await Promise.all(this.#underWay)
    clearTimeout(late)
  }

  get #free() {
    const { concurrency } = this.options
    return this.#stopped ? 0 : Math.min(concurrency - this.#placed.size, 2 * concurrency - this.#underWay.size)
  }

  async #take() {
    try {
      while (this.#again && this.#free > 0) {
        this.#again = false
        const wanted = this.#free
        const runs = await this.options.leases.take(wanted)
        for (const run of runs) this.#start(run)
        this.#again ||= runs.length === wanted
      }
    } catch (error) {
      this.options.log.warn({ err: error }, 'runs to execute cannot be looked for; the poll tries again')
    }
  }

  #start(run: LeasedRun) {
    this.#placed.add(run)
    const leave = () => {
      if (this.#free === 0) this.wake()
      this.#placed.delete(run)
    }
    const execution = this.options.executor.execute(run, leave).then(() => {
      this.#placed.delete(run)
      this.#underWay.delete(execution)
      this.wake()
    })
    this.#underWay.add(execution)
  }
}
