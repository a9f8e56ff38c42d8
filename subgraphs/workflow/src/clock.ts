import type { Logger } from '@signalbox/shared/logger'

/** Something that falls due by itself: schedules, deadlines, retention. */
export interface ClockTask {
  /** For the log. */
  name: string
  everyMs: number
  /** Does what is due. May run in several processes at once, so it claims rows (`for update skip locked`) or changes them by compare-and-set. */
  run(): Promise<void>
}

/** Runs tasks at their pace, each never beside itself. A failure is logged and the task comes again; disposing waits for what runs. */
export class Clock implements AsyncDisposable {
  readonly #timers: NodeJS.Timeout[]
  readonly #running = new Map<ClockTask, Promise<void>>()

  constructor(
    tasks: ClockTask[],
    private readonly log: Logger,
  ) {
    this.#timers = tasks.map((task) => setInterval(() => this.#tick(task), task.everyMs))
  }

  async [Symbol.asyncDispose]() {
    for (const timer of this.#timers) clearInterval(timer)
    await Promise.all(this.#running.values())
  }

  #tick(task: ClockTask) {
    if (this.#running.has(task)) return
    const run = task
      .run()
      .catch((error: unknown) => this.log.warn({ err: error, task: task.name }, 'a task of the clock failed; it comes again'))
      .finally(() => this.#running.delete(task))
    this.#running.set(task, run)
  }
}
