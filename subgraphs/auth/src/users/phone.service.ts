import type { EntityManager } from '@mikro-orm/postgresql'
import { ConflictError, UnauthenticatedError } from '@signalbox/shared/errors'
import type { Viewer } from '@signalbox/shared/viewer'
import type { CodeOrigin } from '../challenges/challenge.service.ts'
import { OtpChannel, type RequestOtpPayload } from '../challenges/challenge.types.ts'
import type { CodePurpose, OneTimeCodes } from '../challenges/one-time-codes.ts'
import { requireRecentSignIn } from '../sessions/recent-sign-in.ts'
import { requireSignedInPerson } from '../sessions/signed-in-person.ts'
import type { Notices } from '../mail/notices.ts'
import { parsePhoneNumber } from '../sms/phone-number.ts'
import { phoneNotice } from './phone-notice.ts'
import { User } from './user.entity.ts'

/**
 * A person's own phone number: confirmed by a code before it can be signed in with. It is a lasting way into the account: it is changed
 * shortly after a sign-in only, and the account's address is told.
 */
export class PhoneService {
  constructor(
    private readonly em: EntityManager,
    private readonly codes: OneTimeCodes,
    private readonly origin: CodeOrigin,
    private readonly viewer: Viewer | null,
    private readonly telling: { notices: Notices; publicUrl: string },
  ) {}

  /**
   * @throws {BadUserInputError} for what is no number, or where no SMS are sent; {RateLimitedError}; {UnavailableError}
   * @throws {ForbiddenError} long after the sign-in: the code could not be used
   */
  async request(phone: string, binding: string | undefined): Promise<RequestOtpPayload> {
    const purpose = this.#purpose()
    await this.#requireRecentSignIn()
    this.codes.requireChannel(OtpChannel.SMS)
    const recipient = { purpose, channel: OtpChannel.SMS, address: parsePhoneNumber(phone, 'phone') }
    return this.codes.send(this.em, recipient, { binding, ...this.origin })
  }

  /**
   * @throws {BadUserInputError} alike for every code that does not work; {ConflictError} when another person has the number
   * @throws {ForbiddenError} long after the sign-in; the code is not used up
   */
  async confirm({ challengeId, code }: { challengeId: string; code: string }, binding: string | undefined): Promise<User> {
    const answer = { purpose: this.#purpose(), challengeId, code }
    await this.#requireRecentSignIn()
    const { address } = await this.codes.check(this.em, answer, { binding, ...this.origin })
    return this.#set(address, 'phone.confirmed')
  }

  /** @throws {ForbiddenError} long after the sign-in */
  async remove(): Promise<User> {
    await this.#requireRecentSignIn()
    return this.#set(null, 'phone.removed')
  }

  async #set(phone: string | null, action: 'phone.confirmed' | 'phone.removed'): Promise<User> {
    const id = this.#person()
    const former = await this.em.transactional(async (em) => {
      const [{ done, former }] = await em.execute<[{ done: boolean; former: string | null }]>(
        'select * from auth.set_phone(?, ?)',
        [id, phone],
      )
      if (!done) throw new ConflictError('Another account signs in with this number. Remove it there first.', null)
      if (phone === null && former === null) return null
      await this.origin.audit.record(em, this.viewer!.organizationId, {
        action,
        outcome: 'ALLOWED',
        target: { type: 'User', id },
      })
      return former
    })
    const user = await this.em.findOne(User, { id }, { refresh: true })
    if (user === null) throw new UnauthenticatedError('This account has no access any more. Sign in again.')
    this.#tell(action, user.email, { former, added: phone })
    return user
  }

  #tell(action: string, to: string, { former, added }: { former: string | null; added: string | null }) {
    const removed = former === added ? null : former
    if (added === null && removed === null) return
    const { notices, publicUrl } = this.telling
    notices.post(action, phoneNotice({ to, added, removed, at: new Date(), publicUrl }))
  }

  #requireRecentSignIn(): Promise<void> {
    const person = requireSignedInPerson(this.viewer, NO_PHONE)
    return requireRecentSignIn(this.em, person, 'change your phone')
  }

  #purpose(): CodePurpose {
    return `phone:${this.#person()}`
  }

  #person(): string {
    return requireSignedInPerson(this.viewer, NO_PHONE).actorId
  }
}

const NO_PHONE = 'A service client has no phone number.'
