import type { EntityManager } from '@mikro-orm/postgresql'
import type { Audit } from '@signalbox/shared/audit'
import { parseEmail } from '../mail/email-address.ts'
import { parsePhoneNumber } from '../sms/phone-number.ts'
import { OtpChannel, type RequestOtpInput, type RequestOtpPayload, type VerifyOtpInput } from './challenge.types.ts'
import { invalidCode, type OneTimeCodes } from './one-time-codes.ts'

export { invalidCode }

/** Where a request comes from. */
export interface CodeOrigin {
  /** The network address: what `parseClient` made of it. */
  client: string
  audit: Audit
}

/** Proves who somebody is by a one-time code; knows nothing of the sessions that follow. */
export class ChallengeService {
  constructor(
    private readonly em: EntityManager,
    private readonly codes: OneTimeCodes,
    private readonly origin: CodeOrigin,
  ) {}

  /** The ways in which codes can be sent here. */
  get channels(): OtpChannel[] {
    return this.codes.channels
  }

  /**
   * Sends a code to an address, if it could sign anybody in, and answers alike if not.
   * @param binding a secret of the asking browser, 256 random bits: the code works with the same one only
   * @throws {BadUserInputError} for an address or a channel that cannot be; {UnavailableError} when nothing can be sent;
   *   {RateLimitedError} alike for known and unknown addresses
   */
  async request({ channel, address }: RequestOtpInput, binding: string | undefined): Promise<RequestOtpPayload> {
    this.codes.requireChannel(channel)
    const parsed = channel === OtpChannel.SMS ? parsePhoneNumber(address, 'address') : parseEmail(address, 'address')
    return this.codes.send(this.em, { purpose: 'sign-in', channel, address: parsed }, { binding, ...this.origin })
  }

  /**
   * Counts the try and, if the code is right, uses it up.
   * @returns the e-mail address of the account
   * @throws {BadUserInputError} alike for every reason why it does not work; {RateLimitedError} while the address is locked
   */
  async answer({ challengeId, code }: VerifyOtpInput, binding: string | undefined): Promise<string> {
    const { email } = await this.codes.check(this.em, { purpose: 'sign-in', challengeId, code }, { binding, ...this.origin })
    if (email === null) throw invalidCode()
    return email
  }
}
