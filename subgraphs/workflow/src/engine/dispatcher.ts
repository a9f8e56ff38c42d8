import type { Logger } from '@signalbox/shared/logger'
import type { RunQueue } from '../runs/run-queue.ts'
import type { Executor } from './executor.ts'
import type { Leases } from './lease.ts'

export interface DispatcherOptions {
  queue: RunQueue
  leases: Leases
  executor: Executor
  log: Logger
  /** Runs at the same time. */
  concurrency: number
  /** The poll behind the notifications, and how often abandoned runs are looked for; milliseconds. */
  pollMs: number
  /** How long a stop waits for runs to end by themselves, milliseconds. */
  drainMs: number
}

/**
 * The worker's loop: as many jobs as there are free places, woken by a notification, a freed place or the poll; and runs whose holder
 * is gone. A job only says that a run wants executing: whether it does, its row decides, so a job that comes twice harms nobody.
 */
export class Dispatcher implements AsyncDisposable {
  readonly #running = new Map<string, Promise<void>>()
  #done: string[] = []
  #timer: NodeJS.Timeout | undefined
  #looking = false
  #again = false
  #stopped = false
  #sweepDue = false

  constructor(private readonly options: DispatcherOptions) {}

  start() {
    this.#timer = setInterval(() => {
      this.#sweepDue = true
      this.wake()
    }, this.options.pollMs)
    this.wake()
  }

  /** Looks for jobs now. */
  wake() {
    if (this.#looking) this.#again = true
    else void this.#look()
  }

  /** Takes no more runs, lets those under way end, and after a while stops them at their next step. */
  async [Symbol.asyncDispose]() {
    this.#stopped = true
    clearInterval(this.#timer)
    const late = setTimeout(() => this.options.executor.drain(), this.options.drainMs)
    await Promise.all(this.#running.values())
    clearTimeout(late)
    await this.#complete()
  }

  get #free() {
    return this.#stopped ? 0 : this.options.concurrency - this.#running.size
  }

  async #look() {
    this.#looking = true
    try {
      do {
        this.#again = false
        await this.#complete()
        if (this.#sweepDue && this.#free > 0) await this.#sweep()
        const wanted = this.#free
        if (wanted <= 0) break
        const jobs = await this.options.queue.fetch(wanted)
        for (const job of jobs) this.#run(job.data.organizationId, job.data.runId, job.id)
        if (jobs.length === wanted) this.#again = this.#free > 0
      } while (this.#again)
    } catch (error) {
      this.options.log.warn({ err: error }, 'runs to execute cannot be looked for; the poll tries again')
    } finally {
      this.#looking = false
    }
  }

  #run(organizationId: string, runId: string, jobId?: string) {
    // A second job of a run that is still under way here: its turn comes when that has ended.
    const before = this.#running.get(runId) ?? Promise.resolve()
    const execution = before
      .then(() => this.options.executor.execute(organizationId, runId))
      .then(() => {
        if (this.#running.get(runId) === execution) this.#running.delete(runId)
        if (jobId !== undefined) this.#done.push(jobId)
        if (!this.#stopped) this.wake()
      })
    this.#running.set(runId, execution)
  }

  /** Part of the look, and its first: however long the queue is, and so that no place is given to a job and to an abandoned run. */
  async #sweep() {
    this.#sweepDue = false
    const abandoned = await this.options.leases.abandoned(this.#free)
    for (const { organizationId, runId } of abandoned) if (!this.#running.has(runId)) this.#run(organizationId, runId)
  }

  async #complete() {
    const done = this.#done
    if (done.length === 0) return
    this.#done = []
    await this.options.queue.complete(done).catch((error: unknown) => {
      this.#done.push(...done)
      throw error
    })
  }
}
