import type { WebSocket } from 'ws'
import { RateLimitedError } from '@signalbox/shared/errors'
import type { EdgeSettings } from '../edge/settings.ts'
import { networkOf } from '../edge/rate-limits.ts'
import { TokenBuckets } from '../edge/token-buckets.ts'

/** Close code of RFC 6455, 7.4.1, for a message that breaks a rule. */
const POLICY_VIOLATION = 1008
const CLOSING_MS = 1_000
/** Sockets come free when somebody leaves; nobody knows when. */
const TRY_AGAIN_SECONDS = 10

/** How many sockets one address and one actor hold open, and how fast each may send. */
export class SocketLimits {
  readonly #byAddress = new Map<string, number>()
  readonly #byActor = new Map<string, number>()

  constructor(private readonly settings: EdgeSettings['sockets']) {}

  /** Before a socket is opened. @throws {RateLimitedError} */
  expect(address: string) {
    if ((this.#byAddress.get(networkOf(address)) ?? 0) >= this.settings.perAddress) throw new RateLimitedError(TRY_AGAIN_SECONDS)
  }

  /** Counts an open socket until it closes, and closes it when it sends too fast. */
  follow(socket: WebSocket, address: string) {
    hold(this.#byAddress, networkOf(address), socket)
    const bucket = new TokenBuckets(this.settings.messages)
    socket.on('message', () => {
      if (bucket.take('') === 0) return
      socket.close(POLICY_VIOLATION, 'Too many messages')
      setTimeout(() => socket.terminate(), CLOSING_MS).unref()
    })
  }

  /** @returns false when the actor has as many sockets as there may be */
  admit(actorId: string, socket: WebSocket): boolean {
    if ((this.#byActor.get(actorId) ?? 0) >= this.settings.perIdentity) return false
    if (socket.readyState === socket.OPEN) hold(this.#byActor, actorId, socket)
    return true
  }
}

function hold(counts: Map<string, number>, key: string, socket: WebSocket) {
  counts.set(key, (counts.get(key) ?? 0) + 1)
  socket.once('close', () => {
    const left = (counts.get(key) ?? 1) - 1
    if (left === 0) counts.delete(key)
    else counts.set(key, left)
  })
}
