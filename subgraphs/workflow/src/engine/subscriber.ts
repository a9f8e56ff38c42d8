import { PushIterator } from '@signalbox/shared/push-iterator'
import type { RunTransition } from '../runs/run-transition.entity.ts'

/** One reader of one run's log: a cursor and at most two pages that wait for it. */
export class Subscriber implements AsyncIterableIterator<RunTransition> {
  /** Whether the log may hold more than the cursor shows. */
  behind = true
  readonly #queue: PushIterator<RunTransition>
  #gone = false

  constructor(
    readonly organizationId: string,
    readonly runId: string,
    /** The last sequence number that was read for it. */
    public cursor: number,
    private readonly pageSize: number,
    private readonly on: { hungry: () => void; left: () => void },
  ) {
    this.#queue = new PushIterator(on.left)
  }

  /** Whether to read for it now: it is behind and has room. */
  get wants() {
    return this.behind && !this.#gone && this.#queue.size < this.pageSize
  }

  /** How many transitions wait for the reader. */
  get waiting() {
    return this.#queue.size
  }

  /** @param more whether the page was full */
  take(page: RunTransition[], more: boolean) {
    if (this.#gone) return
    for (const transition of page) if (transition.seq > this.cursor) this.#queue.push(transition)
    this.cursor = Math.max(this.cursor, page.at(-1)?.seq ?? 0)
    if (more) this.behind = true
  }

  next(): Promise<IteratorResult<RunTransition>> {
    const result = this.#queue.next()
    if (this.wants) this.on.hungry()
    return result
  }

  return(): Promise<IteratorResult<RunTransition>> {
    this.#gone = true
    return this.#queue.return()
  }

  [Symbol.asyncIterator]() {
    return this
  }
}
