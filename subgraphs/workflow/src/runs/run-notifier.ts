import type { Logger } from '@signalbox/shared/logger'
import type { Pool } from 'pg'

/** Channels of the workflow database. A notification is a hint; a poll stands behind each. */
export const RUNS_CHANNEL = 'workflow_runs'
export const JOBS_CHANNEL = 'workflow_jobs'
export const CONTROL_CHANNEL = 'workflow_control'

/** What Postgres takes in one notification is below 8,000 bytes: 100 times `organisation:run,`. */
const MAX_RUNS = 100

/** Where the consumers of the event log listen: every transition is an event too. */
const EVENTS_CHANNEL = 'events'

/** Tells every process, after commit, which runs moved: one notification for all that moved within a few milliseconds. */
export class RunNotifier {
  readonly #moved = new Set<string>()
  #queued = false
  #control = false
  #timer: NodeJS.Timeout | undefined

  constructor(
    private readonly pool: Pick<Pool, 'query'>,
    private readonly log: Logger,
    private readonly delayMs = 2,
  ) {}

  moved(organizationId: string, runId: string) {
    this.#moved.add(`${organizationId}:${runId}`)
    this.#arm()
  }

  /** A run was queued: wake a worker. */
  queued() {
    this.#queued = true
    this.#arm()
  }

  /** A run under way was cancelled or is to pause: its worker looks at its leases. */
  control() {
    this.#control = true
    this.#arm()
  }

  /** Sends what waits, now. */
  async flush(): Promise<void> {
    clearTimeout(this.#timer)
    this.#timer = undefined
    await this.#send()
  }

  #arm() {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined
      void this.#send()
    }, this.delayMs)
  }

  async #send() {
    const runs = [...this.#moved]
    this.#moved.clear()
    const messages: [string, string][] = this.#queued ? [[JOBS_CHANNEL, '']] : []
    this.#queued = false
    if (this.#control) messages.push([CONTROL_CHANNEL, ''])
    this.#control = false
    if (messages.length + runs.length === 0) return
    messages.push([EVENTS_CHANNEL, ''])
    for (let at = 0; at < runs.length; at += MAX_RUNS) messages.push([RUNS_CHANNEL, runs.slice(at, at + MAX_RUNS).join(',')])
    try {
      await this.pool.query(
        'select pg_notify(channel, payload) from unnest($1::text[], $2::text[]) as message (channel, payload)',
        [messages.map(([channel]) => channel), messages.map(([, payload]) => payload)],
      )
    } catch (error) {
      this.log.warn({ err: error }, 'could not notify; subscribers and workers find it by their poll')
    }
  }
}

/** The runs that a notification on `RUNS_CHANNEL` names. */
export const parseMoved = (payload: string) =>
  payload
    .split(',')
    .filter(Boolean)
    .map((pair) => ({ organizationId: pair.slice(0, 36), runId: pair.slice(37) }))
