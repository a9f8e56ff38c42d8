/** Adds up the time during which somebody really looked: between `start` and `stop`, whatever comes in between. */
export class ActiveClock {
  #total = 0
  #since: number | undefined

  constructor(private readonly now: () => number = () => performance.now()) {}

  start(): void {
    this.#since ??= this.now()
  }

  stop(): void {
    if (this.#since !== undefined) this.#total += this.now() - this.#since
    this.#since = undefined
  }

  /** Milliseconds so far. */
  get elapsed(): number {
    return Math.round(this.#total + (this.#since === undefined ? 0 : this.now() - this.#since))
  }
}
