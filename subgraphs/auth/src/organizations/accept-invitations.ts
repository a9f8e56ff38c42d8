import type { EntityManager } from '@mikro-orm/postgresql'
import { appendEvent } from '@signalbox/shared/events/append-event'
import { tenantSession } from '@signalbox/shared/tenancy'

interface OpenInvitation {
  organization_id: string
  id: string
  role: string
  display_name: string | null
}

/**
 * Makes the holder of a proven address a member wherever it is invited, each in that organisation's own tenancy.
 * @returns the person's id, or null when the address belongs to nobody and is not invited
 */
export async function acceptInvitations(em: EntityManager, email: string): Promise<string | null> {
  const [{ expected }] = await em.execute<[{ expected: boolean }]>('select auth.is_expected(?) as expected', [email])
  if (!expected) return null
  const invitations = await em.execute<OpenInvitation[]>('select * from auth.open_invitations(?)', [email])
  const name = invitations.find((invitation) => invitation.display_name)?.display_name ?? nameFrom(email)
  const [{ id: userId }] = await em.execute<[{ id: string }]>('select auth.ensure_user(?, ?) as id', [email, name])
  for (const invitation of invitations) await accept(em, invitation, userId)
  return userId
}

async function accept(em: EntityManager, invitation: OpenInvitation, userId: string) {
  const { organization_id: organizationId, id, role } = invitation
  await em.fork({ session: tenantSession(organizationId) }).transactional(async (tenant) => {
    const taken = await tenant.execute<unknown[]>(
      'update auth.invitations set accepted_at = now() where organization_id = ? and id = ? and accepted_at is null returning id',
      [organizationId, id],
    )
    if (taken.length > 0) await enrol(tenant, organizationId, userId, role)
  })
}

/** Makes a person a member, or a former member one again, and tells the others. */
export async function enrol(em: EntityManager, organizationId: string, userId: string, role: string): Promise<void> {
  await em.execute(
    `insert into auth.memberships (organization_id, user_id, role) values (?, ?, ?)
     on conflict (organization_id, user_id) do update set role = excluded.role, ended_at = null, since = now()`,
    [organizationId, userId, role],
  )
  await appendEvent(em, organizationId, 'membership.changed', { userId, organizationId, role })
}

/** `ada.lovelace@example.com` → `Ada Lovelace`. */
export const nameFrom = (email: string): string =>
  email
    .slice(0, email.lastIndexOf('@'))
    .split(/[._+-]+/)
    .filter(Boolean)
    .map((part) => part[0]!.toUpperCase() + part.slice(1))
    .join(' ')
