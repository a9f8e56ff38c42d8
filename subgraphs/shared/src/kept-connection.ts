import { setTimeout as sleep } from 'node:timers/promises'
import type { Logger } from './logger.ts'

export interface KeptConnectionOptions {
  /** In the log: `not connected to <what>`. */
  what: string
  /**
   * Connects, calls `up` when that is done, and resolves or rejects when the connection is over. It must end when `signal` aborts.
   */
  connect(up: () => void, signal: AbortSignal): Promise<void>
  log: Logger
}

/** Milliseconds between two attempts: doubled after each failure. */
const FIRST_PAUSE = 100
const LONGEST_PAUSE = 2_000

/** Keeps one long-lived connection: lost, it is made again, for as long as the process lives. */
export class KeptConnection implements AsyncDisposable {
  readonly #stop = new AbortController()
  readonly #loop: Promise<void>
  #isUp = false
  #attempt = Promise.withResolvers<void>()
  #pause = new AbortController()

  constructor(private readonly options: KeptConnectionOptions) {
    this.#attempt.promise.catch(() => {})
    this.#loop = this.#run()
  }

  get isUp() {
    return this.#isUp
  }

  /** Resolves when it is up, else with the next attempt, which is made at once. @throws when that fails */
  async check(): Promise<void> {
    if (this.#isUp) return
    this.#pause.abort()
    await this.#attempt.promise
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort()
    this.#pause.abort()
    await this.#loop
  }

  async #run() {
    let failures = 0
    while (!this.#stop.signal.aborted) {
      const error = await this.#connect(() => (failures = 0))
      if (this.#stop.signal.aborted) return
      if (failures === 0) this.options.log.warn({ err: error }, `not connected to ${this.options.what}; trying again`)
      failures += 1
      this.#pause = new AbortController()
      const pause = Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** (failures - 1))
      await sleep(pause, undefined, { signal: this.#pause.signal }).catch(() => {})
    }
  }

  /** @returns why it ended */
  async #connect(onUp: () => void): Promise<unknown> {
    const attempt = this.#attempt
    const up = () => {
      this.#isUp = true
      onUp()
      attempt.resolve()
    }
    try {
      await this.options.connect(up, this.#stop.signal)
      return new Error('the connection was closed')
    } catch (error) {
      return error
    } finally {
      this.#isUp = false
      attempt.reject(new Error(`not connected to ${this.options.what}`))
      this.#attempt = Promise.withResolvers()
      this.#attempt.promise.catch(() => {})
    }
  }
}
