import type { EntityManager } from '@mikro-orm/postgresql'
import type { Audit, AuditEntry } from '@signalbox/shared/audit'
import { BadUserInputError, ForbiddenError } from '@signalbox/shared/errors'
import type { Viewer } from '@signalbox/shared/viewer'
import { heldMemberships } from './held-memberships.ts'
import { rightsIn } from './rights.ts'
import { fits, ROLE_WORDS, scopesOf, type OrganizationKind, type Role } from './roles.ts'

/** @throws {BadUserInputError} for a role of the other kind of organisation */
export function requireFit(role: Role, kind: OrganizationKind): void {
  if (fits(role, kind)) return
  throw new BadUserInputError(`This role is not one of ${kind === 'AGENCY' ? 'an agency' : 'a client'}.`, [
    { path: 'role', message: `must be one of the ${kind}_… roles` },
  ])
}

/**
 * Nobody gives, or takes away, rights beyond their own: a program that may manage members could else make somebody who may do everything.
 * @throws {ForbiddenError}
 */
export function requireWithinRights(viewer: Viewer, role: Role): void {
  const beyond = scopesOf(role).filter((scope) => !viewer.scopes.has(scope))
  if (beyond.length === 0) return
  throw new ForbiddenError(`The role ${ROLE_WORDS[role].name} has rights that you do not hold yourself: ${beyond.join(', ')}.`)
}

/**
 * Reads the rights of a person again, in the transaction of the act: an access token may be a moment older than a change of role.
 * @throws {ForbiddenError} for somebody who does not manage members there any more
 */
export async function requireStillManages(em: EntityManager, { actorId, actorKind, organizationId }: Viewer): Promise<void> {
  if (actorKind !== 'USER') return
  const rights = rightsIn(await heldMemberships(em, actorId), organizationId)
  if (!rights?.scopes.includes('org:admin')) throw new ForbiddenError('You do not manage the members here any more.')
}

export interface Attempt extends Pick<AuditEntry, 'action' | 'target' | 'details'> {
  em: EntityManager
  audit: Audit
  organizationId: string
}

/** Does the work, whose refusal for want of rights becomes an entry of the audit trail, outside of the transaction that it ended. */
export async function auditRefusal<T>({ em, audit, organizationId, ...entry }: Attempt, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof ForbiddenError) {
      await audit.record(em, organizationId, { ...entry, outcome: 'DENIED' })
      // The gateway, which tells of refusals, need not tell of this one.
      error.extensions['recorded'] = true
    }
    throw error
  }
}
