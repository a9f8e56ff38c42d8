import { PushIterator } from '@signalbox/shared/push-iterator'
import type { LiveFeed } from './live-feed.ts'

export interface ChangePage<T> {
  changes: T[]
  /** Where to read on: the time of the last row that was read, as Postgres writes it. */
  position: string
  /** Whether there is more behind this page. */
  full: boolean
}

export interface ChangeSource<T> {
  /** @param since a time as Postgres writes it @param overlap whether rows that committed late are looked for again before it */
  read(since: string, overlap: boolean): Promise<ChangePage<T>>
}

/** The shortest time between two reads for one subscriber: a burst of changes of one row becomes one. */
const THROTTLE_MS = 100

/**
 * A subscription to a list: whenever something of its organisations moves, it reads what changed since its position, but only while
 * its consumer waits, so that a slow one holds one page at most. A failed read ends nothing: the poll comes again.
 */
export class ChangeStream<T> implements AsyncIterableIterator<T> {
  readonly #queue: PushIterator<T>
  #dirty = true
  #reading = false
  #gone = false
  #lastRead = 0
  #timer: NodeJS.Timeout | undefined

  constructor(
    feed: LiveFeed,
    private readonly organizations: ReadonlySet<string>,
    private readonly source: ChangeSource<T>,
    private position: string,
    private readonly onError: (error: unknown) => void,
  ) {
    const unwatch = feed.watch((moved) => {
      if (moved === null || moved.some(({ organizationId }) => this.organizations.has(organizationId))) this.#wake()
    })
    this.#queue = new PushIterator(() => {
      this.#gone = true
      clearTimeout(this.#timer)
      unwatch()
    })
    this.#wake()
  }

  next(): Promise<IteratorResult<T>> {
    const result = this.#queue.next()
    if (this.#dirty) this.#wake()
    return result
  }

  return(): Promise<IteratorResult<T>> {
    return this.#queue.return()
  }

  [Symbol.asyncIterator]() {
    return this
  }

  #wake() {
    this.#dirty = true
    if (this.#reading || this.#gone || this.#queue.size > 0 || this.#timer !== undefined) return
    const wait = Math.max(0, this.#lastRead + THROTTLE_MS - Date.now())
    this.#timer = setTimeout(() => {
      this.#timer = undefined
      void this.#read()
    }, wait)
  }

  async #read() {
    this.#reading = true
    this.#dirty = false
    let full = false
    try {
      let overlap = true
      do {
        const page = await this.source.read(this.position, overlap)
        this.position = page.position
        full = page.full
        overlap = false
        for (const change of page.changes) this.#queue.push(change)
      } while (full && this.#queue.size === 0 && !this.#gone)
    } catch (error) {
      this.onError(error)
    } finally {
      this.#lastRead = Date.now()
      this.#reading = false
      if (full || this.#dirty) this.#wake()
    }
  }
}
