/**
 * One item at a time, so that what other subgraphs add never goes back in time from one event to the next. From `high` to `low` waiting
 * items the source is asked to hold; over `limit` it did not listen.
 */
export const STREAM_LIMITS = { concurrency: 1, low: 64, high: 256, limit: 1_000 }

export interface FlowControl {
  /** The consumer is behind: send no more for now. */
  hold(): void
  /** The consumer has caught up. */
  release(): void
  /** So much waits that no more can be taken. Nothing is dropped silently: the stream is over. */
  overflow(): void
  /** The consumer has left. */
  left(): void
}

/**
 * Works on items as they come, `concurrency` at once, and gives the results in the order of the items. Memory is bounded by flow control;
 * it can be returned while a `next()` waits.
 */
export class OrderedStream<In, Out> implements AsyncIterableIterator<Out> {
  readonly #waiting: In[] = []
  readonly #running: Promise<Out>[] = []
  #wake: (() => void) | undefined
  #isHeld = false
  #isOver = false
  #error: unknown

  constructor(
    private readonly work: (item: In) => Promise<Out>,
    private readonly flow: FlowControl,
    private readonly limits = STREAM_LIMITS,
  ) {}

  push(item: In) {
    if (this.#isOver) return
    this.#waiting.push(item)
    if (this.#size > this.limits.limit) return this.#giveUp()
    if (this.#size >= this.limits.high && !this.#isHeld) {
      this.#isHeld = true
      this.flow.hold()
    }
    this.#fill()
  }

  /** Ends the stream after what was pushed before. */
  end() {
    this.#isOver = true
    this.#notify()
  }

  /** Ends the stream with an error, after what was pushed before. */
  fail(error: unknown) {
    this.#error ??= error
    this.end()
  }

  async next(): Promise<IteratorResult<Out>> {
    for (;;) {
      const head = this.#running.shift()
      if (head !== undefined) {
        this.#fill()
        this.#relax()
        return { value: await head, done: false }
      }
      if (this.#isOver) return this.#finish()
      await new Promise<void>((resolve) => (this.#wake = resolve))
    }
  }

  return(): Promise<IteratorResult<Out>> {
    this.#clear()
    this.flow.left()
    return Promise.resolve({ value: undefined, done: true })
  }

  [Symbol.asyncIterator]() {
    return this
  }

  get #size() {
    return this.#waiting.length + this.#running.length
  }

  #fill() {
    while (this.#running.length < this.limits.concurrency && this.#waiting.length > 0) {
      const result = this.work(this.#waiting.shift()!)
      // Whoever takes it sees the failure; a failure that nobody takes any more is no unhandled rejection.
      result.catch(() => {})
      this.#running.push(result)
    }
    this.#notify()
  }

  #relax() {
    if (!this.#isHeld || this.#size > this.limits.low) return
    this.#isHeld = false
    this.flow.release()
  }

  #giveUp() {
    this.#clear()
    this.flow.overflow()
  }

  #clear() {
    this.#waiting.length = 0
    this.#running.length = 0
    this.#relax()
    this.end()
  }

  #finish(): IteratorResult<Out> {
    const error = this.#error
    this.#error = undefined
    if (error !== undefined) throw error as Error
    return { value: undefined, done: true }
  }

  #notify() {
    this.#wake?.()
    this.#wake = undefined
  }
}
