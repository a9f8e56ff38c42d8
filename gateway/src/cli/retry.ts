import { setTimeout as sleep } from 'node:timers/promises'

/** Nothing is wrong with the request: it may work in a moment. */
export class RetryableError extends Error {
  override name = 'RetryableError'

  constructor(
    message: string,
    /** What the other side asks to wait, in milliseconds. */
    readonly waitMs?: number,
  ) {
    super(message)
  }
}

export interface RetryOptions {
  attempts: number
  /** The first wait, in milliseconds; each later one is twice as long, up to `longestMs`. */
  firstMs: number
  longestMs: number
}

/** About half a minute in all: enough for a service that is started again. */
export const RETRY: RetryOptions = { attempts: 9, firstMs: 200, longestMs: 10_000 }

/**
 * Tries again after a {@link RetryableError}, with exponential waits that are jittered ("equal jitter", Brooker 2015),
 * never less than the other side asked for. The last failure is thrown.
 */
export async function withRetry<T>(attempt: () => Promise<T>, signal?: AbortSignal, options: RetryOptions = RETRY): Promise<T> {
  for (let tried = 1; ; tried++) {
    signal?.throwIfAborted()
    try {
      return await attempt()
    } catch (error) {
      if (!(error instanceof RetryableError) || tried >= options.attempts) throw error
      const ceiling = Math.min(options.firstMs * 2 ** (tried - 1), options.longestMs)
      await sleep(Math.max(error.waitMs ?? 0, ceiling * (0.5 + Math.random() / 2)), undefined, { signal })
    }
  }
}
