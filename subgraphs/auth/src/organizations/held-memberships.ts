import type { EntityManager } from '@mikro-orm/postgresql'
import type { HeldMembership } from './rights.ts'
import type { Role } from './roles.ts'

/** A person's memberships in all organisations, oldest first: the only look across tenants that a sign-in needs. */
export async function heldMemberships(em: EntityManager, userId: string): Promise<HeldMembership[]> {
  const rows = await em.execute<{ organization_id: string; role: Role; clients: string[] }[]>(
    'select * from auth.memberships_of(?)',
    [userId],
  )
  return rows.map((row) => ({ organizationId: row.organization_id, role: row.role, clients: row.clients }))
}
