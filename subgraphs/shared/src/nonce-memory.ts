/** Nonces of one generation, and the newest time that one of them was made at. */
interface Generation {
  since: number
  nonces: Set<string>
  /** Seconds since the epoch. */
  newest: number
}

/**
 * Remembers nonces for as long as what they were signed with can hold, in bounded memory: two generations, each at most `capacity`. When
 * one is dropped before its time, everything signed before its end is refused instead, and so is everything from before the start.
 */
export class NonceMemory {
  #current: Generation
  #previous: Generation
  /** Seconds since the epoch: nothing made then or before is taken. */
  #floor: number

  /** @param windowMs a nonce's longest life @param now milliseconds since the epoch */
  constructor(
    private readonly windowMs: number,
    private readonly now: () => number,
    private readonly capacity = 100_000,
  ) {
    this.#current = this.#newGeneration()
    this.#previous = this.#newGeneration()
    this.#floor = Math.floor(now() / 1000) - 1
  }

  /** @param created seconds since the epoch @returns false when it was here before, or may have been */
  add(nonce: string, created: number): boolean {
    this.#turn()
    if (created <= this.#floor || this.#current.nonces.has(nonce) || this.#previous.nonces.has(nonce)) return false
    this.#current.nonces.add(nonce)
    this.#current.newest = Math.max(this.#current.newest, created)
    return true
  }

  #turn() {
    const age = this.now() - this.#current.since
    const isFull = this.#current.nonces.size >= this.capacity
    if (age < this.windowMs && !isFull) return
    // The previous generation ended when the current one began: after a whole window nothing of it can hold.
    if (age < this.windowMs) this.#floor = Math.max(this.#floor, this.#previous.newest)
    this.#previous = this.#current
    this.#current = this.#newGeneration()
  }

  #newGeneration = (): Generation => ({ since: this.now(), nonces: new Set(), newest: 0 })
}
