import type { EntityManager } from '@mikro-orm/postgresql'
import type { Audit } from '@signalbox/shared/audit'
import { appendEvent } from '@signalbox/shared/events/append-event'
import { tenantSession } from '@signalbox/shared/tenancy'

/** As `auth.open_invitations_to` and `auth.open_invitations_of` give it. */
export interface OpenInvitation {
  organization_id: string
  id: string
  role: string
  display_name: string | null
}

/**
 * Makes the holder of a proven address a member wherever it is invited, each in that organisation's own tenancy.
 * @returns the person's id, or null when the address belongs to nobody and is not invited
 */
export async function acceptInvitations(em: EntityManager, email: string, audit: Audit): Promise<string | null> {
  const [{ expected }] = await em.execute<[{ expected: boolean }]>('select auth.is_expected(?) as expected', [email])
  if (!expected) return null
  const invitations = await em.execute<OpenInvitation[]>('select * from auth.open_invitations_to(?)', [email])
  const name = invitations.find((invitation) => invitation.display_name)?.display_name ?? nameFrom(email)
  const [{ id: userId }] = await em.execute<[{ id: string }]>('select auth.ensure_user(?, ?) as id', [email, name])
  for (const invitation of invitations) await accept(em, invitation, userId, audit)
  return userId
}

/**
 * The same for a known person whose session goes on. Call it outside of a transaction: each organisation is joined in one of its own, and a
 * lock held meanwhile could be the one that it waits for.
 */
export async function acceptInvitationsOf(em: EntityManager, userId: string, audit: Audit): Promise<void> {
  const invitations = await em.execute<OpenInvitation[]>('select * from auth.open_invitations_of(?)', [userId])
  for (const invitation of invitations) await accept(em, invitation, userId, audit)
}

/** Uses an invitation up, if it is still open. @returns whether it was */
export async function accept(em: EntityManager, invitation: OpenInvitation, userId: string, audit: Audit): Promise<boolean> {
  const { organization_id: organizationId, id, role } = invitation
  return em.fork({ session: tenantSession(organizationId) }).transactional(async (tenant) => {
    const taken = await tenant.execute<unknown[]>(
      `update auth.invitations i set accepted_at = now(), accepted_by = ?
       where organization_id = ? and id = ? and auth.is_open(i) returning id`,
      [userId, organizationId, id],
    )
    if (taken.length === 0) return false
    await enrol(tenant, organizationId, userId, role)
    const target = { type: 'Invitation', id }
    const entry = { action: 'member.joined', outcome: 'ALLOWED', target, details: { role } } as const
    await audit.record(tenant, organizationId, entry, { kind: 'USER', id: userId })
    return true
  })
}

/** Makes a person a member, or a former member one again, and tells the others. Who is a member keeps the role. */
export async function enrol(em: EntityManager, organizationId: string, userId: string, role: string): Promise<void> {
  const enrolled = await em.execute<unknown[]>(
    `insert into auth.memberships (organization_id, user_id, role) values (?, ?, ?)
     on conflict (organization_id, user_id) do update set role = excluded.role, ended_at = null, since = now()
       where memberships.ended_at is not null
     returning id`,
    [organizationId, userId, role],
  )
  if (enrolled.length > 0) await appendEvent(em, organizationId, 'membership.changed', { userId, organizationId, role })
}

/** `ada.lovelace@example.com` → `Ada Lovelace`. */
export const nameFrom = (email: string): string =>
  email
    .slice(0, email.lastIndexOf('@'))
    .split(/[._+-]+/)
    .filter(Boolean)
    .map((part) => part[0]!.toUpperCase() + part.slice(1))
    .join(' ')
