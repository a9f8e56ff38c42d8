import type { EntityManager } from '@mikro-orm/postgresql'
import type { Audit, AuditAction } from '@signalbox/shared/audit'
import { BadUserInputError, ForbiddenError } from '@signalbox/shared/errors'
import type { Viewer } from '@signalbox/shared/viewer'
import { fits, scopesOf, type OrganizationKind, type Role } from './roles.ts'

/** @throws {BadUserInputError} for a role of the other kind of organisation */
export function requireFit(role: Role, kind: OrganizationKind): void {
  if (fits(role, kind)) return
  throw new BadUserInputError(`This role is not one of ${kind === 'AGENCY' ? 'an agency' : 'a client'}.`, [
    { path: 'role', message: `must be one of the ${kind}_… roles` },
  ])
}

/** What goes into the entry of a refusal. */
export interface Attempt {
  em: EntityManager
  audit: Audit
  action: AuditAction
  target?: { type: string; id: string }
}

/**
 * Nobody gives, or takes away, rights beyond their own: a program that may manage members could else make somebody who may do everything.
 * The refusal is an entry of the audit trail.
 * @throws {ForbiddenError}
 */
export async function requireWithinRights(viewer: Viewer, role: Role, { em, audit, ...entry }: Attempt): Promise<void> {
  const beyond = scopesOf(role).filter((scope) => !viewer.scopes.has(scope))
  if (beyond.length === 0) return
  await audit.record(em, viewer.organizationId, { ...entry, outcome: 'DENIED', details: { role, beyond: beyond.join(' ') } })
  throw new ForbiddenError(`The role ${role} has rights that you do not hold yourself: ${beyond.join(', ')}.`)
}
