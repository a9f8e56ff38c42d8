/**
 * An async iterator that is fed by `push`. Unlike an async generator it can be returned while a `next()` waits, so a subscriber that
 * leaves is let go at once. Ends with `end()`, or throws what `fail(error)` gives, after what was pushed before.
 */
export class PushIterator<T> implements AsyncIterableIterator<T> {
  readonly #values: T[] = []
  #waiting: PromiseWithResolvers<IteratorResult<T>> | undefined
  #closed = false
  #error: unknown

  constructor(private readonly onReturn: () => void = () => {}) {}

  /** How many values wait for the consumer. */
  get size() {
    return this.#values.length
  }

  push(value: T) {
    if (this.#closed) return
    if (this.#waiting) this.#settle((waiting) => waiting.resolve({ value, done: false }))
    else this.#values.push(value)
  }

  end() {
    this.#closed = true
    this.#settle((waiting) => waiting.resolve({ value: undefined, done: true }))
  }

  fail(error: unknown) {
    if (this.#closed) return
    this.#closed = true
    if (this.#waiting) this.#settle((waiting) => waiting.reject(error))
    else this.#error = error
  }

  next(): Promise<IteratorResult<T>> {
    if (this.#values.length > 0) return Promise.resolve({ value: this.#values.shift()!, done: false })
    if (this.#error !== undefined) {
      const error = this.#error
      this.#error = undefined
      return Promise.reject(error)
    }
    if (this.#closed) return Promise.resolve({ value: undefined, done: true })
    this.#waiting = Promise.withResolvers()
    return this.#waiting.promise
  }

  return(): Promise<IteratorResult<T>> {
    this.#values.length = 0
    this.end()
    this.onReturn()
    return Promise.resolve({ value: undefined, done: true })
  }

  [Symbol.asyncIterator]() {
    return this
  }

  #settle(how: (waiting: PromiseWithResolvers<IteratorResult<T>>) => void) {
    const waiting = this.#waiting
    this.#waiting = undefined
    if (waiting) how(waiting)
  }
}
