import type { AuthFixture } from './auth-fixture.ts'

/** A second agency with a client, unknown to the demo's, for looking across the fence. */
export const NEIGHBOUR = {
  agencyId: '0190b000-0000-7000-8000-000000000001',
  clientId: '0190b000-0000-7000-8000-000000000002',
  serviceClientId: '0190b000-0000-7000-8000-000000000003',
  membershipId: '0190b000-0000-7000-8000-000000000004',
  userId: '0190b000-0000-7000-8000-000000000005',
  admin: 'admin@southwind.example',
} as const

export async function addNeighbour({ superuser }: AuthFixture): Promise<void> {
  const { agencyId, clientId, serviceClientId, membershipId, userId, admin } = NEIGHBOUR
  await superuser.query(
    `insert into auth.organizations (id, name, kind, agency_id) values ($1, 'Southwind', 'AGENCY', null), ($2, 'Lighthouse', 'CLIENT', $1)`,
    [agencyId, clientId],
  )
  await superuser.query(`insert into auth.users (id, email, display_name) values ($1, $2, 'Sven Admin')`, [userId, admin])
  await superuser.query(`insert into auth.memberships (organization_id, id, user_id, role) values ($1, $2, $3, 'AGENCY_ADMIN')`, [
    agencyId,
    membershipId,
    userId,
  ])
  await superuser.query(
    `insert into auth.service_clients (organization_id, id, client_id, name, scopes) values ($1, $2, 'south', 'South', '{wrm:read}')`,
    [agencyId, serviceClientId],
  )
}
