import { LockMode } from '@mikro-orm/core'
import type { EntityManager } from '@mikro-orm/postgresql'
import type { Audit, AuditAction } from '@signalbox/shared/audit'
import { decodeCursor, pageSize, toConnection, type Connection, type PageArgs } from '@signalbox/shared/connection'
import { BadUserInputError, ConflictError, NotFoundError } from '@signalbox/shared/errors'
import { appendEvent } from '@signalbox/shared/events/append-event'
import { isUuid } from '@signalbox/shared/ids'
import { requireViewer } from '@signalbox/shared/scopes'
import type { Viewer } from '@signalbox/shared/viewer'
import { auditRefusal, requireFit, requireStillManages, requireWithinRights } from './granting.ts'
import { heldMemberships } from './held-memberships.ts'
import type { ChangeMemberRoleInput } from './membership.inputs.ts'
import { Membership } from './membership.entity.ts'
import { Organization } from './organization.entity.ts'
import { ownerRole, type OrganizationKind, type Role } from './roles.ts'

/** The members of organisations: listed where the viewer reads, changed in the viewer's active organisation. */
export class MembershipService {
  constructor(
    private readonly em: EntityManager,
    private readonly viewer: Viewer | null,
    private readonly audit: Audit,
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
   * @throws {ConflictError} when it would leave the organisation without an owner
   * @throws {ForbiddenError} when the former or the new role has rights that the viewer does not hold
   */
  changeRole({ membershipId, role }: ChangeMemberRoleInput): Promise<Membership> {
    return this.#attempt('member.role_changed', membershipId, async (em, viewer) => {
      const { membership, organization } = await this.#lock(em, viewer, membershipId)
      const former = membership.role
      requireFit(role, organization.kind)
      for (const one of [former, role]) requireWithinRights(viewer, one)
      if (role === former) return membership
      if (role !== ownerRole(organization.kind)) await refuseLastOwner(em, membership, organization.kind)
      membership.role = role
      await em.flush()
      await this.#settle(em, membership, role, 'member.role_changed', { from: former, to: role })
      return membership
    })
  }

  /**
   * Ends a membership, and with a person's last one the person's sessions.
   * @throws {ConflictError} when it would leave the organisation without an owner
   * @throws {ForbiddenError} when the member has rights that the viewer does not hold
   */
  remove(membershipId: string): Promise<Membership> {
    return this.#attempt('member.removed', membershipId, async (em, viewer) => {
      const { membership, organization } = await this.#lock(em, viewer, membershipId)
      requireWithinRights(viewer, membership.role)
      await refuseLastOwner(em, membership, organization.kind)
      membership.endedAt = new Date()
      await em.flush()
      // Before the revocation, whose lock a session refresh takes second, too.
      const left = await heldMemberships(em, membership.userId)
      if (left.length === 0) await em.execute('select * from auth.end_sessions(?, null, null)', [membership.userId])
      await this.#settle(em, membership, null, 'member.removed', { from: membership.role })
      return membership
    })
  }

  /**
   * The organisation's row is locked, so that two owners cannot remove each other at the same time; the second one's rights are read again
   * behind the lock.
   */
  async #lock(em: EntityManager, viewer: Viewer, membershipId: string) {
    const { organizationId } = viewer
    const organization = await em.findOne(Organization, { id: organizationId }, { lockMode: LockMode.PESSIMISTIC_WRITE })
    await requireStillManages(em, viewer)
    const id = isUuid(membershipId) ? membershipId : null
    const membership = organization && id && (await em.findOne(Membership, { organizationId, id, endedAt: null }))
    if (!membership) throw new NotFoundError('membership')
    return { membership, organization }
  }

  #attempt(
    action: AuditAction,
    id: string,
    work: (em: EntityManager, viewer: Viewer) => Promise<Membership>,
  ): Promise<Membership> {
    const { em, audit } = this
    const viewer = requireViewer(this.viewer)
    const attempt = { em, audit, organizationId: viewer.organizationId, action, target: { type: 'Membership', id } }
    return auditRefusal(attempt, () => em.transactional((tenant) => work(tenant, viewer)))
  }

  /** What every change brings: access tokens with the former rights end with this transaction, the others are told, the act is recorded. */
  async #settle(
    em: EntityManager,
    { id, userId, organizationId }: Membership,
    role: Role | null,
    action: AuditAction,
    details: object,
  ) {
    await appendEvent(em, organizationId, 'membership.changed', { userId, organizationId, role })
    const target = { type: 'Membership', id }
    await this.audit.record(em, organizationId, { action, outcome: 'ALLOWED', target, details: { userId, ...details } })
    await em.execute('select auth.revoke(?)', [`actor:${userId}`])
  }
}

function sortKey(after: string): [Date, string] {
  const [since, id] = decodeCursor<[string, string]>(after)
  if (!isUuid(String(id)) || Number.isNaN(Date.parse(since))) {
    throw new BadUserInputError('The cursor is not one that this list gave.', [
      { path: 'after', message: 'not a cursor of this list' },
    ])
  }
  return [new Date(since), id]
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
