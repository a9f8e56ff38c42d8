import type { EntityManager, MikroORM } from '@mikro-orm/postgresql'
import type { Logger } from '@signalbox/shared/logger'
import type { Secrets } from '../keys/secrets.ts'
import { DeferredError, UndeliverableError } from '../mail/delivery-errors.ts'
import type { OtpChannel } from './challenge.types.ts'
import type { CodeCarriers } from './code-carrier.ts'

interface ClaimedRow {
  challenge_id: string
  channel: OtpChannel
  sealed: Buffer
  /** False for an address that could sign nobody in. */
  deliver: boolean
  attempts: number
}

export interface CodeOutboxOptions {
  orm: MikroORM
  secrets: Secrets
  carriers: CodeCarriers
  log: Logger
}

/** So long after an answer its code is sent, and up to as much again by chance: an asker cannot measure it. */
const SEND_AFTER_MS = 20
/** How often what another process left is looked for. */
const LOOK_EVERY_MS = 1_000
/** Who claimed a code has so long to settle it. */
const LEASE = '30 seconds'
const AT_ONCE = 20

/**
 * Sends the codes that the database holds, sealed, until each is sent, refused for good or expired. Any process sends those of any
 * other; one that is stopped leaves them there. A code can go out twice when a process dies after sending: it is the same code.
 */
export class CodeOutbox implements AsyncDisposable {
  #timer: NodeJS.Timeout | undefined
  #dueAt = Infinity
  #running: Promise<void> = Promise.resolve()
  #closed = false

  constructor(private readonly options: CodeOutboxOptions) {}

  /** Begins to look. */
  start(): void {
    this.wake(0)
  }

  /** Looks soon; call it after the transaction that holds a new code. */
  wake(afterMs = SEND_AFTER_MS * (1 + Math.random())): void {
    const dueAt = Date.now() + afterMs
    if (this.#closed || dueAt >= this.#dueAt) return
    clearTimeout(this.#timer)
    this.#dueAt = dueAt
    this.#timer = setTimeout(() => {
      this.#dueAt = Infinity
      this.#running = this.#running.then(() => this.#sendAllDue())
    }, afterMs).unref()
  }

  /** What is stored of a code that has to be sent. */
  seal(challengeId: string, message: { to: string; code: string }): Buffer {
    return this.options.secrets.encrypt(challengeId, JSON.stringify(message), 'outgoing code')
  }

  async #sendAllDue(): Promise<void> {
    const em = this.options.orm.em.fork()
    try {
      for (let claimed = AT_ONCE; claimed === AT_ONCE && !this.#closed;) {
        const rows = await em.execute<ClaimedRow[]>('select * from auth.claim_codes(?, ?::interval)', [AT_ONCE, LEASE])
        await Promise.all(rows.map((row) => this.#send(em, row)))
        claimed = rows.length
      }
    } catch (error) {
      this.options.log.warn({ err: error }, 'codes that wait cannot be read')
    }
    this.wake(LOOK_EVERY_MS)
  }

  async #send(em: EntityManager, row: ClaimedRow): Promise<void> {
    const { challenge_id: challengeId, channel, attempts } = row
    try {
      await this.#deliver(row)
      await em.execute('select auth.drop_code(?)', [challengeId])
    } catch (error) {
      const isFinal = error instanceof UndeliverableError
      this.options.log.warn({ challengeId, channel, attempts, reason: (error as Error).message, isFinal }, 'a code was not sent')
      if (isFinal) return void (await em.execute('select auth.drop_code(?)', [challengeId]))
      const pause = error instanceof DeferredError ? error.retryAfterMs : Math.min(500 * 2 ** (attempts - 1), 30_000)
      await em.execute('select auth.postpone_code(?, ?::interval)', [challengeId, `${pause} milliseconds`])
      this.wake(pause)
    }
  }

  /** What must not be sent costs about the same: what is done in the background slows down answers that can be measured. */
  async #deliver({ challenge_id: challengeId, channel, sealed, deliver }: ClaimedRow): Promise<void> {
    const carrier = this.options.carriers[channel]
    if (carrier === undefined) throw new UndeliverableError(`codes are not sent by ${channel} any more`)
    const message = this.#open(challengeId, sealed)
    await (deliver ? carrier.deliver(...message) : carrier.pretend(...message))
  }

  #open(challengeId: string, sealed: Buffer): [to: string, code: string] {
    try {
      const { to, code } = JSON.parse(this.options.secrets.decrypt(challengeId, sealed, 'outgoing code')) as Record<
        string,
        string
      >
      return [to!, code!]
    } catch {
      throw new UndeliverableError('it was sealed with another AUTH_SECRET')
    }
  }

  async [Symbol.asyncDispose]() {
    this.#closed = true
    clearTimeout(this.#timer)
    await this.#running
  }
}
