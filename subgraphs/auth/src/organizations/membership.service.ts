import { LockMode } from '@mikro-orm/core'
import type { EntityManager } from '@mikro-orm/postgresql'
import { decodeCursor, pageSize, toConnection, type Connection, type PageArgs } from '@signalbox/shared/connection'
import { BadUserInputError, ConflictError, NotFoundError } from '@signalbox/shared/errors'
import { appendEvent } from '@signalbox/shared/events/append-event'
import { requireViewer } from '@signalbox/shared/scopes'
import type { Viewer } from '@signalbox/shared/viewer'
import { isUuid, newId } from '@signalbox/shared/ids'
import { parseEmail } from '../mail/email-address.ts'
import type { Mailer } from '../mail/mailer.ts'
import { requireName } from '../names.ts'
import { User } from '../users/user.entity.ts'
import { invitationMail } from './invitation-mail.ts'
import { Invitation } from './invitation.entity.ts'
import type { ChangeMemberRoleInput, InviteMemberInput } from './membership.inputs.ts'
import { Membership } from './membership.entity.ts'
import { Organization } from './organization.entity.ts'
import { fits, ownerRole, type OrganizationKind, type Role } from './roles.ts'

const INVITATION_MS = 14 * 24 * 3_600_000

/** The members of organisations: listed where the viewer reads, changed in the viewer's active organisation. */
export class MembershipService {
  constructor(
    private readonly em: EntityManager,
    private readonly viewer: Viewer | null,
    private readonly mailer: Mailer,
    private readonly publicUrl: string,
  ) {}

  async list(organizationId: string, { first, after }: PageArgs): Promise<Connection<Membership>> {
    const size = pageSize(first)
    const [since, id] = after ? sortKey(after) : [undefined, undefined]
    const current = { organizationId, endedAt: null }
    const later = since === undefined ? {} : { $or: [{ since: { $gt: since } }, { since, id: { $gt: id } }] }
    const rows = await this.em.find(
      Membership,
      { ...current, ...later },
      { orderBy: { since: 'asc', id: 'asc' }, limit: size + 1 },
    )
    const keyOf = (membership: Membership) => [membership.since.toISOString(), membership.id]
    return toConnection(rows, size, keyOf, () => this.em.count(Membership, current), since !== undefined)
  }

  /**
   * Invites an address and tells it so by mail; again for one that was invited before, with the new role.
   * @throws {UnavailableError} when the mail cannot be sent; nobody is invited then
   */
  async invite(input: InviteMemberInput): Promise<Invitation> {
    const { organizationId } = requireViewer(this.viewer)
    const email = parseEmail(input.email, 'email')
    const displayName = input.displayName ? requireName(input.displayName, 'displayName') : null
    return this.em.transactional(async (em) => {
      const organization = await this.#lockOrganization(em)
      requireFit(input.role, organization.kind)
      await refuseMember(em, organizationId, email)
      const invitation =
        (await em.findOne(Invitation, { organizationId, email })) ?? em.create(Invitation, newInvitation(organizationId, email))
      Object.assign(invitation, {
        role: input.role,
        displayName,
        acceptedAt: null,
        expiresAt: new Date(Date.now() + INVITATION_MS),
      })
      await em.persist(invitation).flush()
      await this.mailer.send(invitationMail(email, organization.name, this.publicUrl))
      return invitation
    })
  }

  /** @throws {ConflictError} when it would leave the organisation without an owner */
  changeRole({ membershipId, role }: ChangeMemberRoleInput): Promise<Membership> {
    return this.em.transactional(async (em) => {
      const { membership, organization } = await this.#lock(em, membershipId)
      requireFit(role, organization.kind)
      if (role !== ownerRole(organization.kind)) await refuseLastOwner(em, membership, organization.kind)
      membership.role = role
      await em.flush()
      await announce(em, membership, role)
      return membership
    })
  }

  /** @throws {ConflictError} when it would leave the organisation without an owner */
  remove(membershipId: string): Promise<Membership> {
    return this.em.transactional(async (em) => {
      const { membership, organization } = await this.#lock(em, membershipId)
      await refuseLastOwner(em, membership, organization.kind)
      membership.endedAt = new Date()
      await em.flush()
      await announce(em, membership, null)
      return membership
    })
  }

  /** The organisation's row is locked, so that two owners cannot remove each other at the same time. */
  async #lock(em: EntityManager, membershipId: string) {
    const organization = await this.#lockOrganization(em)
    const id = isUuid(membershipId) ? membershipId : null
    const membership = id && (await em.findOne(Membership, { organizationId: organization.id, id, endedAt: null }))
    if (!membership) throw new NotFoundError('membership')
    return { membership, organization }
  }

  async #lockOrganization(em: EntityManager): Promise<Organization> {
    const { organizationId } = requireViewer(this.viewer)
    const organization = await em.findOne(Organization, { id: organizationId }, { lockMode: LockMode.PESSIMISTIC_WRITE })
    if (organization === null) throw new NotFoundError('organization')
    return organization
  }
}

const newInvitation = (organizationId: string, email: string) => ({ organizationId, id: newId(), email }) as Invitation

const announce = (em: EntityManager, { userId, organizationId }: Membership, role: Role | null) =>
  appendEvent(em, organizationId, 'membership.changed', { userId, organizationId, role })

function sortKey(after: string): [Date, string] {
  const [since, id] = decodeCursor<[string, string]>(after)
  if (!isUuid(String(id)) || Number.isNaN(Date.parse(since))) {
    throw new BadUserInputError('The cursor is not one that this list gave.', [
      { path: 'after', message: 'not a cursor of this list' },
    ])
  }
  return [new Date(since), id]
}

function requireFit(role: Role, kind: OrganizationKind) {
  if (fits(role, kind)) return
  throw new BadUserInputError(`This role is not one of ${kind === 'AGENCY' ? 'an agency' : 'a client'}.`, [
    { path: 'role', message: `must be one of the ${kind}_… roles` },
  ])
}

async function refuseMember(em: EntityManager, organizationId: string, email: string) {
  const user = await em.findOne(User, { email })
  const membership = user && (await em.findOne(Membership, { organizationId, userId: user.id, endedAt: null }))
  if (membership)
    throw new ConflictError('This person is a member already.', { membershipId: membership.id, role: membership.role })
}

async function refuseLastOwner(em: EntityManager, membership: Membership, kind: OrganizationKind) {
  const role = ownerRole(kind)
  if (membership.role !== role) return
  const owners = await em.count(Membership, { organizationId: membership.organizationId, role, endedAt: null })
  if (owners > 1) return
  throw new ConflictError('This is the last owner of the organisation. Give somebody else this role first.', {
    membershipId: membership.id,
    role,
  })
}
