import type { MikroORM } from '@mikro-orm/postgresql'
import type { Scope } from '@signalbox/shared/scopes'
import { tenantSession } from '@signalbox/shared/tenancy'
import { Role, scopesOf } from '../organizations/roles.ts'

/** Whom a mail is for: an address, one person, or all who may do something; of a role and above where one is named. */
export type Audience = string | { userId: string } | { scope: Scope; role?: string | null }

/** From the least to the most powerful. */
const RANKS = [Role.CLIENT_VIEWER, Role.CLIENT_REVIEWER, Role.CLIENT_OWNER, Role.AGENCY_OPERATOR, Role.AGENCY_ADMIN]

interface Person {
  email: string
  role: Role
  own: boolean
}

/**
 * The addresses of an audience, as it is now: who has left gets nothing. Of those who may do something, the organisation's own members; where
 * it has none of them, the people of its agency.
 */
export async function addressesOf(orm: MikroORM, organizationId: string, audience: Audience): Promise<string[]> {
  if (typeof audience === 'string') return [audience]
  const wanted = 'userId' in audience ? audience.userId : null
  const people = await peopleOf(orm, organizationId, wanted)
  if ('userId' in audience) return people.slice(0, 1).map(({ email }) => email)
  const able = people.filter(({ role }) => reaches(role, audience.role) && scopesOf(role).includes(audience.scope))
  const own = able.filter((person) => person.own)
  return (own.length > 0 ? own : able).map(({ email }) => email)
}

/** Members first, then the people of the agency. */
function peopleOf(orm: MikroORM, organizationId: string, userId: string | null): Promise<Person[]> {
  const em = orm.em.fork({ session: tenantSession(organizationId) })
  return em.execute<Person[]>(
    `select u.email, p.role, p.own from (
       select user_id, role, true as own from auth.memberships where organization_id = ? and ended_at is null
       union all select user_id, role, false from auth.agency_people(?) where user_id is not null) p
     join auth.users u on u.id = p.user_id where ?::text is null or u.id::text = ? order by p.own desc, u.email`,
    [organizationId, organizationId, userId, userId],
  )
}

/** Whether a role is the wanted one or above; an unknown one is above nothing. */
function reaches(role: Role, wanted: string | null | undefined): boolean {
  if (wanted == null) return true
  const rank = RANKS.indexOf(wanted as Role)
  return rank !== -1 && RANKS.indexOf(role) >= rank
}
