import type { Logger } from '@signalbox/shared/logger'
import type { Pool } from 'pg'
import { parseMoved } from '../runs/run-notifier.ts'
import type { RunTransition } from '../runs/run-transition.entity.ts'
import { Subscriber } from './subscriber.ts'
import { readTransitions } from './transition-rows.ts'

export interface LiveFeedOptions {
  pool: Pick<Pool, 'query'>
  log: Logger
  /** The poll behind the notifications, milliseconds. */
  pollMs?: number
  /** Rows that one read takes for one subscriber. */
  pageSize?: number
}

/**
 * Streams runs' transition logs to any number of subscribers of this process. Replay and live are one path: each subscriber has a
 * cursor, a notification or the poll marks it as behind, and one query reads on for all that are behind and have room. A slow one
 * keeps at most two pages in memory and is read for again when it has caught up.
 */
export class LiveFeed implements Disposable {
  readonly #subscribers = new Map<string, Set<Subscriber>>()
  readonly #timer: NodeJS.Timeout
  readonly #watchers = new Set<(moved: { organizationId: string; runId: string }[] | null) => void>()
  #reading = false
  #again = false

  constructor(private readonly options: LiveFeedOptions) {
    this.#timer = setInterval(() => this.wake(), options.pollMs ?? 1_000)
  }

  /** Transitions of a run after a sequence number, replayed, then live. Rights are the caller's to check first. */
  subscribe(organizationId: string, runId: string, after: number): AsyncIterableIterator<RunTransition> {
    const subscriber = new Subscriber(organizationId, runId, after, this.options.pageSize ?? 500, {
      hungry: () => this.#read(),
      left: () => this.#remove(subscriber),
    })
    const ofRun = this.#subscribers.get(runId) ?? new Set()
    this.#subscribers.set(runId, ofRun.add(subscriber))
    this.#read()
    return subscriber
  }

  /** Calls back when runs moved; with null when it is not known which (the poll, a reconnect). Returns how to stop. */
  watch(callback: (moved: { organizationId: string; runId: string }[] | null) => void): () => void {
    this.#watchers.add(callback)
    return () => this.#watchers.delete(callback)
  }

  /** A notification arrived. */
  notified(payload: string) {
    const moved = parseMoved(payload)
    for (const { runId } of moved) for (const subscriber of this.#subscribers.get(runId) ?? []) subscriber.behind = true
    for (const watcher of this.#watchers) watcher(moved)
    this.#read()
  }

  /** Anything may have moved: on the poll and after the listening connection was lost. */
  wake() {
    for (const ofRun of this.#subscribers.values()) for (const subscriber of ofRun) subscriber.behind = true
    for (const watcher of this.#watchers) watcher(null)
    this.#read()
  }

  /** How many subscribers there are. */
  get size(): number {
    return [...this.#subscribers.values()].reduce((sum, ofRun) => sum + ofRun.size, 0)
  }

  [Symbol.dispose]() {
    clearInterval(this.#timer)
    for (const ofRun of this.#subscribers.values()) for (const subscriber of ofRun) void subscriber.return()
  }

  #remove(subscriber: Subscriber) {
    const ofRun = this.#subscribers.get(subscriber.runId)
    ofRun?.delete(subscriber)
    if (ofRun?.size === 0) this.#subscribers.delete(subscriber.runId)
  }

  #read() {
    if (this.#reading) this.#again = true
    else void this.#readOn()
  }

  async #readOn() {
    this.#reading = true
    try {
      do {
        this.#again = false
        const wanting = [...this.#subscribers.values()].flatMap((ofRun) => [...ofRun]).filter((subscriber) => subscriber.wants)
        if (wanting.length > 0) await this.#readFor(wanting)
      } while (this.#again)
    } catch (error) {
      this.options.log.warn({ err: error }, 'could not read the transition log; the poll tries again')
    } finally {
      this.#reading = false
    }
  }

  async #readFor(wanting: Subscriber[]) {
    for (const subscriber of wanting) subscriber.behind = false
    const pages = Map.groupBy(wanting, (subscriber) => `${subscriber.runId}:${subscriber.cursor}`)
    const asked = [...pages.values()].map(([first]) => first!)
    const limit = this.options.pageSize ?? 500
    const rows = await readTransitions(this.options.pool, asked, limit).catch((error: unknown) => {
      for (const subscriber of wanting) subscriber.behind = true
      throw error
    })
    for (const [index, subscribers] of [...pages.values()].entries()) {
      const page = rows[index]!
      for (const subscriber of subscribers) subscriber.take(page, page.length === limit)
      if (page.length === limit) this.#again = true
    }
  }
}
