import type { EntityManager } from '@mikro-orm/postgresql'
import { BadUserInputError } from '@signalbox/shared/errors'
import { randomInt, randomUUID } from 'node:crypto'
import { isUuid } from '@signalbox/shared/ids'
import type { Secrets } from '../keys/secrets.ts'
import type { Mailer } from '../mail/mailer.ts'
import { parseEmail } from '../mail/email-address.ts'
import { codeMail } from './code-mail.ts'
import { OtpChannel, type RequestOtpInput, type RequestOtpPayload, type VerifyOtpInput } from './challenge.types.ts'

const MAX_ATTEMPTS = 5
const LIFETIME = '5 minutes'

/** One-time codes by mail (NIST SP 800-63B-4, 3.1.3): 6 random digits, 5 minutes, 5 tries, one use. */
export class ChallengeService {
  constructor(
    private readonly em: EntityManager,
    private readonly mailer: Mailer,
    private readonly secrets: Secrets,
    private readonly publicUrl: string,
  ) {}

  /**
   * Opens a challenge and mails its code, if the address could sign anybody in. Answers alike if not: the mail server is asked in both
   * cases, and the mail goes out after the answer.
   * @throws {UnavailableError} when no mail can be sent
   */
  async request({ channel, address }: RequestOtpInput): Promise<RequestOtpPayload> {
    if (channel !== OtpChannel.EMAIL) {
      throw new BadUserInputError('Codes are sent by e-mail here. Choose EMAIL.', [{ path: 'channel', message: 'must be EMAIL' }])
    }
    const email = parseEmail(address, 'address')
    await this.mailer.verify()
    const challengeId = randomUUID()
    const code = String(randomInt(1_000_000)).padStart(6, '0')
    const [row] = await this.em.execute<[{ expires_at: string; expected: boolean }]>(
      'select auth.open_challenge(?, ?, ?, ?::interval) as expires_at, auth.is_expected(?) as expected',
      [challengeId, email, await this.secrets.codeHash(challengeId, code), LIFETIME, email],
    )
    if (row.expected) this.mailer.sendLater(codeMail(email, code, this.publicUrl), { challengeId })
    return { challengeId, expiresAt: new Date(row.expires_at) }
  }

  /**
   * Counts the try and, if the code is right, uses the challenge up.
   * @returns the address that the code was sent to
   * @throws {BadUserInputError} alike for a wrong, used, expired or exhausted code and for an unknown challenge
   */
  async answer({ challengeId, code }: VerifyOtpInput): Promise<string> {
    const digits = code.replace(/[\s-]/g, '')
    if (!isUuid(challengeId) || digits.length > 16) throw invalidCode()
    const [row] = await this.em.execute<[{ email: string | null }]>('select auth.answer_challenge(?, ?, ?) as email', [
      challengeId,
      await this.secrets.codeHash(challengeId, digits),
      MAX_ATTEMPTS,
    ])
    if (row.email === null) throw invalidCode()
    return row.email
  }
}

/** One sentence for every reason, so that it tells nothing about the address. */
export const invalidCode = () =>
  new BadUserInputError(
    'This code does not work. Check the digits, or ask for a new code: each works once, for 5 minutes and 5 tries.',
    [{ path: 'code', message: 'wrong, used or expired: ask for a new code' }],
  )
