import type { EntityManager } from '@mikro-orm/postgresql'
import type { Viewer } from '@signalbox/shared/viewer'
import DataLoader from 'dataloader'
import { isUuid } from '@signalbox/shared/ids'
import { maskPhone } from '../sms/phone-number.ts'
import { Membership } from '../organizations/membership.entity.ts'
import { maskEmail, User } from './user.entity.ts'

export class UserService {
  readonly #users: DataLoader<string, User | null>
  readonly #colleagues: DataLoader<string, boolean>

  constructor(
    em: EntityManager,
    private readonly viewer: Viewer | null,
  ) {
    this.#users = new DataLoader(async (ids) => {
      const found = new Map((await em.find(User, { id: { $in: ids } })).map((user) => [user.id, user]))
      return ids.map((id) => found.get(id) ?? null)
    })
    this.#colleagues = new DataLoader(async (ids) => {
      const found = new Set((await em.find(Membership, { userId: { $in: ids } })).map((membership) => membership.userId))
      return ids.map((id) => found.has(id))
    })
  }

  /** The person, or null when there is none in the viewer's sight. Calls of one request are batched. */
  async find(id: string): Promise<User | null> {
    return isUuid(id) && this.viewer !== null ? this.#users.load(id) : null
  }

  /** The address as the viewer may see it: whole to oneself and to an administrator of the person's organisation, else masked. */
  async emailOf(user: User): Promise<string> {
    const whole =
      user.id === this.viewer?.actorId ||
      (this.viewer?.scopes.has('org:admin') === true && (await this.#colleagues.load(user.id)))
    return whole ? user.email : maskEmail(user.email)
  }

  /** The number as the viewer may see it: whole to oneself only. */
  phoneOf(user: User): string | null {
    return user.phone === null || user.id === this.viewer?.actorId ? user.phone : maskPhone(user.phone)
  }
}
