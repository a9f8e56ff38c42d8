import type { EntityManager } from '@mikro-orm/postgresql'
import { tenantSession } from '@signalbox/shared/tenancy'
import { heldMemberships } from '../organizations/held-memberships.ts'
import { reachableOrganizations, rightsIn, type Rights } from '../organizations/rights.ts'

export interface Person {
  email: string
  displayName: string
}

/** An organisation in which a person may act through an application, with the rights of the person's role there. */
export interface Place {
  id: string
  name: string
  scopes: string[]
}

export async function findPerson(em: EntityManager, id: string): Promise<Person | undefined> {
  const [row] = await em.execute<{ email: string; display_name: string }[]>('select * from auth.person(?)', [id])
  return row && { email: row.email, displayName: row.display_name }
}

/** Where a person and an application meet: an application serves the organisation that made it, an agency's also the agency's clients. */
export async function placesFor(em: EntityManager, userId: string, served: string[]): Promise<Place[]> {
  const held = await heldMemberships(em, userId)
  const ids = reachableOrganizations(held).filter((id) => served.includes(id))
  if (ids.length === 0) return []
  const rows = await em
    .fork({ session: tenantSession(ids[0]!, ids) })
    .execute<{ id: string; name: string }[]>('select id, name from auth.organizations')
  const names = new Map(rows.map(({ id, name }) => [id, name]))
  return ids.map((id) => ({ id, name: names.get(id) ?? '', scopes: [...rightsIn(held, id)!.scopes] }))
}

/**
 * A person's rights through an application: those of the role in that organisation, and no look into organisations that the application
 * does not serve – or an agency's member would open all clients to the application of one.
 * @returns null when there are none any more
 */
export async function rightsThrough(
  em: EntityManager,
  { userId, organizationId, served }: { userId: string; organizationId: string; served: string[] },
): Promise<Rights | null> {
  const rights = rightsIn(await heldMemberships(em, userId), organizationId)
  return (
    rights && { ...rights, organizationIds: rights.organizationIds.filter((id) => id === organizationId || served.includes(id)) }
  )
}
