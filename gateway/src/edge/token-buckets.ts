import type { Rate } from './settings.ts'

interface Bucket {
  tokens: number
  /** Milliseconds of the clock. */
  at: number
}

/** So many callers are remembered; the one that was quiet longest is forgotten first. */
const REMEMBERED = 50_000

/** A token bucket for each caller, in this process's memory. */
export class TokenBuckets {
  readonly #buckets = new Map<string, Bucket>()

  /** @param now milliseconds, never going back */
  constructor(
    private readonly rate: Rate,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** Takes one token. @returns 0, or the seconds after which there will be one */
  take(key: string): number {
    const now = this.now()
    const { perSecond, burst } = this.rate
    const before = this.#buckets.get(key) ?? { tokens: burst, at: now }
    const tokens = Math.min(burst, before.tokens + ((now - before.at) / 1000) * perSecond)
    // Anew, so that the map stays in the order of use.
    this.#buckets.delete(key)
    if (this.#buckets.size >= REMEMBERED) this.#buckets.delete(this.#buckets.keys().next().value!)
    this.#buckets.set(key, { tokens: tokens >= 1 ? tokens - 1 : tokens, at: now })
    return tokens >= 1 ? 0 : Math.ceil((1 - tokens) / perSecond)
  }
}
