import type { EntityManager } from '@mikro-orm/postgresql'
import type { Audit, AuditEntry } from '@signalbox/shared/audit'
import { BadUserInputError, RateLimitedError } from '@signalbox/shared/errors'
import { isUuid } from '@signalbox/shared/ids'
import { randomInt, randomUUID } from 'node:crypto'
import type { Secrets } from '../keys/secrets.ts'
import { OtpChannel } from './challenge.types.ts'
import type { CodeCarriers } from './code-carrier.ts'
import type { CodeOutbox } from './code-outbox.ts'

const MAX_ATTEMPTS = 5
const LIFETIME = '5 minutes'

/** What a code is for: a code for one thing is none for another. */
export type CodePurpose = 'sign-in' | `phone:${string}`

export interface CodeLimits {
  /** Codes sent to one address in any hour. */
  sendsPerHour: number
  /** Codes asked for from one network address (IPv6: one /64) in any hour. */
  sendsPerClient: number
  /** Failed tries in a row, over challenges, after which an address is locked. */
  lockAfter: number
}

export interface CodeRecipient {
  purpose: CodePurpose
  channel: OtpChannel
  /** Checked and in its one form: what counts is counted by it. */
  address: string
}

/** Who asks or answers. */
export interface Asker {
  /** A secret of the asking browser (256 random bits, in a cookie): the code works with it only. */
  binding: string | undefined
  /** The network address: what `parseClient` made of it. */
  client: string
  audit: Audit
}

export interface CodeAnswer {
  purpose: CodePurpose
  challengeId: string
  code: string
}

interface OpenedRow {
  expires_at: string | null
  retry_after: number | null
  organization_id: string | null
}

interface AnsweredRow {
  is_right: boolean
  address: string
  email: string | null
  retry_after: number | null
  organization_id: string | null
}

/**
 * One-time codes (NIST SP 800-63B-4, 3.1.3 and 3.2.2; ASVS 5.0, 6.3 and 6.6): 6 random digits, 5 minutes, 5 tries, one use, for the browser
 * that asked. What is counted is counted in the database (`migrations/0002_challenges.sql`), exactly, however many processes serve.
 */
export class OneTimeCodes {
  constructor(private readonly parts: { secrets: Secrets; carriers: CodeCarriers; outbox: CodeOutbox; limits: CodeLimits }) {}

  /** The ways in which codes can be sent here. */
  get channels(): OtpChannel[] {
    return Object.values(OtpChannel).filter((channel) => this.parts.carriers[channel] !== undefined)
  }

  /** @throws {BadUserInputError} when codes are not sent in this way here */
  requireChannel(channel: OtpChannel): void {
    if (this.parts.carriers[channel] !== undefined) return
    throw new BadUserInputError('Codes are not sent by SMS here. Choose EMAIL.', [{ path: 'channel', message: 'must be EMAIL' }])
  }

  /**
   * Opens a challenge and puts its code on the way, after the answer. Takes the same steps for an address that nobody has: only the sender
   * skips it.
   * @throws {UnavailableError} when nothing can be sent; {RateLimitedError} alike for every address; {BadUserInputError} without a binding
   */
  async send(em: EntityManager, recipient: CodeRecipient, asker: Asker): Promise<{ challengeId: string; expiresAt: Date }> {
    const { secrets, carriers, outbox } = this.parts
    if (!asker.binding) throw withoutBinding()
    await carriers[recipient.channel]!.verify()
    const challengeId = randomUUID()
    const code = String(randomInt(1_000_000)).padStart(6, '0')
    const hash = await secrets.codeHash(challengeId, code)
    const row = await em.transactional(async (turn) => {
      const opened = await this.#open(turn, challengeId, hash, code, recipient, asker)
      const wait = opened.retry_after
      await asker.audit.record(turn, opened.organization_id, {
        action: wait === null ? 'code.requested' : 'code.refused',
        outcome: wait === null ? 'ALLOWED' : 'DENIED',
        ...(wait === null ? { target: { type: 'Challenge', id: challengeId } } : {}),
        details: {
          channel: recipient.channel,
          purpose: kindOf(recipient.purpose),
          // Tells addresses apart without saying them.
          address: secrets.tokenHash('address', recipient.address).toString('hex').slice(0, 16),
          ...(wait === null ? {} : { retryAfterSeconds: wait }),
        },
      })
      return opened
    })
    if (row.expires_at === null) throw new RateLimitedError(row.retry_after ?? 1)
    outbox.wake()
    return { challengeId, expiresAt: new Date(row.expires_at) }
  }

  /**
   * Counts the try and, if the code is right and comes from the browser that asked, uses it up.
   * @returns the address that is proven, and the e-mail address of the account that has it
   * @throws {BadUserInputError} `invalidCode`, alike for a wrong, used, expired, superseded or exhausted code, another browser and an unknown
   *   challenge; {RateLimitedError} while the address is locked
   */
  async check(em: EntityManager, { purpose, challengeId, code }: CodeAnswer, asker: Asker) {
    const digits = code.replace(/[\s-]/g, '')
    if (!isUuid(challengeId) || digits.length > 16) throw invalidCode()
    const { secrets, limits } = this.parts
    const hash = await secrets.codeHash(challengeId, digits)
    const row = await em.transactional(async (turn) => {
      const [answered] = await turn.execute<AnsweredRow[]>('select * from auth.answer_challenge(?, ?, ?, ?, ?, ?)', [
        challengeId,
        purpose,
        hash,
        secrets.tokenHash('browser', asker.binding ?? ''),
        MAX_ATTEMPTS,
        limits.lockAfter,
      ])
      if (!answered?.is_right)
        await asker.audit.record(turn, answered?.organization_id ?? null, refusal(purpose, challengeId, answered))
      return answered
    })
    if (row?.retry_after) throw new RateLimitedError(row.retry_after)
    if (!row?.is_right) throw invalidCode()
    return { address: row.address, email: row.email }
  }

  async #open(
    em: EntityManager,
    challengeId: string,
    hash: Buffer,
    code: string,
    { purpose, channel, address }: CodeRecipient,
    { binding, client }: Asker,
  ): Promise<OpenedRow> {
    const { secrets, outbox, limits } = this.parts
    const [row] = await em.execute<[OpenedRow]>('select * from auth.open_challenge(?, ?, ?, ?, ?, ?, ?, ?::interval, ?, ?, ?)', [
      challengeId,
      purpose,
      channel,
      address,
      hash,
      secrets.tokenHash('browser', binding!),
      client,
      LIFETIME,
      outbox.seal(challengeId, { to: address, code }),
      limits.sendsPerHour,
      limits.sendsPerClient,
    ])
    return row
  }
}

const kindOf = (purpose: CodePurpose) => (purpose === 'sign-in' ? 'sign-in' : 'phone')

const refusal = (purpose: CodePurpose, challengeId: string, row: AnsweredRow | undefined): AuditEntry => ({
  action: purpose === 'sign-in' ? 'sign_in.failed' : 'code.refused',
  outcome: 'FAILED',
  target: { type: 'Challenge', id: challengeId },
  details: { purpose: kindOf(purpose), reason: row?.retry_after ? 'locked' : 'invalid code' },
})

/** One sentence for every reason, so that it tells nothing about the address. */
export const invalidCode = () =>
  new BadUserInputError(
    'This code does not work. Check the digits, or ask for a new code: each works once, for 5 minutes and 5 tries.',
    [{ path: 'code', message: 'wrong, used or expired: ask for a new code' }],
  )

const withoutBinding = () =>
  new BadUserInputError(
    'A code works only in the browser that asks for it. Ask over HTTP and keep the cookie that comes with it.',
    [{ path: 'challengeId', message: 'needs the cookie signalbox-browser' }],
  )
