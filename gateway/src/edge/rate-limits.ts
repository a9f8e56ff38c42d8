import { isIPv6 } from 'node:net'
import { RateLimitedError } from '@signalbox/shared/errors'
import type { OperationContext } from '../execution/operation-context.ts'
import type { EdgeSettings } from './settings.ts'
import { TokenBuckets } from './token-buckets.ts'

/** Which limit was reached. */
export type LimitName = 'address' | 'identity' | 'sign-in'

/** RATE_LIMITED with `retryAfterSeconds`; over HTTP 429 with `Retry-After`. */
export class TooOftenError extends RateLimitedError {
  constructor(
    readonly limit: LimitName,
    seconds: number,
  ) {
    super(seconds)
  }
}

/**
 * Limits how often one client address and one actor may call this gateway. They are approximate: each gateway counts for itself. Where
 * guessing pays, auth counts exactly.
 */
export class RateLimits {
  readonly #buckets: Record<LimitName, TokenBuckets>

  /** @param now milliseconds, never going back */
  constructor({ rates }: Pick<EdgeSettings, 'rates'>, now?: () => number) {
    this.#buckets = {
      address: new TokenBuckets(rates.address, now),
      identity: new TokenBuckets(rates.identity, now),
      'sign-in': new TokenBuckets(rates.signIn, now),
    }
  }

  /** @throws {TooOftenError} */
  countAddress(address: string) {
    this.#take('address', networkOf(address))
  }

  /** A try to sign in or to get a token. @throws {TooOftenError} */
  countSignIn(address: string) {
    this.#take('sign-in', networkOf(address))
  }

  /** An operation of somebody. @throws {TooOftenError} */
  countOperation({ viewer }: Pick<OperationContext, 'viewer'>) {
    if (viewer !== null) this.#take('identity', viewer.actorId)
  }

  #take(limit: LimitName, key: string) {
    const seconds = this.#buckets[limit].take(key)
    if (seconds > 0) throw new TooOftenError(limit, seconds)
  }
}

/** Who has one IPv6 address has a whole /64 of them. */
export function networkOf(address: string): string {
  if (!isIPv6(address)) return address
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1]
  if (mapped !== undefined) return mapped
  const [head = '', tail] = address.split('%')[0]!.split('::')
  const groups = head === '' ? [] : head.split(':')
  const rest = tail === undefined || tail === '' ? [] : tail.split(':')
  const zeros = tail === undefined ? 0 : 8 - groups.length - rest.length
  return [...groups, ...Array<string>(Math.max(0, zeros)).fill('0'), ...rest]
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':')
}
