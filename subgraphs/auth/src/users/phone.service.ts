import type { EntityManager } from '@mikro-orm/postgresql'
import { ConflictError, UnauthenticatedError } from '@signalbox/shared/errors'
import type { Viewer } from '@signalbox/shared/viewer'
import type { CodeOrigin } from '../challenges/challenge.service.ts'
import { OtpChannel, type RequestOtpPayload } from '../challenges/challenge.types.ts'
import type { CodePurpose, OneTimeCodes } from '../challenges/one-time-codes.ts'
import { requireSignedInPerson } from '../sessions/signed-in-person.ts'
import { parsePhoneNumber } from '../sms/phone-number.ts'
import { User } from './user.entity.ts'

/** A person's own phone number: confirmed by a code before it can be signed in with. */
export class PhoneService {
  constructor(
    private readonly em: EntityManager,
    private readonly codes: OneTimeCodes,
    private readonly origin: CodeOrigin,
    private readonly viewer: Viewer | null,
  ) {}

  /** @throws {BadUserInputError} for what is no number, or where no SMS are sent; {RateLimitedError}; {UnavailableError} */
  async request(phone: string, binding: string | undefined): Promise<RequestOtpPayload> {
    const purpose = this.#purpose()
    this.codes.requireChannel(OtpChannel.SMS)
    const recipient = { purpose, channel: OtpChannel.SMS, address: parsePhoneNumber(phone, 'phone') }
    return this.codes.send(this.em, recipient, { binding, ...this.origin })
  }

  /** @throws {BadUserInputError} alike for every code that does not work; {ConflictError} when another person has the number */
  async confirm({ challengeId, code }: { challengeId: string; code: string }, binding: string | undefined): Promise<User> {
    const answer = { purpose: this.#purpose(), challengeId, code }
    const { address } = await this.codes.check(this.em, answer, { binding, ...this.origin })
    return this.#set(address, 'phone.confirmed')
  }

  remove(): Promise<User> {
    return this.#set(null, 'phone.removed')
  }

  async #set(phone: string | null, action: 'phone.confirmed' | 'phone.removed'): Promise<User> {
    const id = this.#person()
    await this.em.transactional(async (em) => {
      const [{ done }] = await em.execute<[{ done: boolean }]>('select auth.set_phone(?, ?) as done', [id, phone])
      if (!done) throw new ConflictError('Another account signs in with this number. Remove it there first.', null)
      await this.origin.audit.record(em, this.viewer!.organizationId, {
        action,
        outcome: 'ALLOWED',
        target: { type: 'User', id },
      })
    })
    const user = await this.em.findOne(User, { id }, { refresh: true })
    if (user === null) throw new UnauthenticatedError('This account has no access any more. Sign in again.')
    return user
  }

  #purpose(): CodePurpose {
    return `phone:${this.#person()}`
  }

  #person(): string {
    return requireSignedInPerson(this.viewer, 'A service client has no phone number.').actorId
  }
}
