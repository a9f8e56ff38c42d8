import type { EntityManager, MikroORM } from '@mikro-orm/postgresql'
import { DEMO } from '@signalbox/shared/demo'
import { tenantSession } from '@signalbox/shared/tenancy'
import type { Secrets } from './keys/secrets.ts'
import { enrol } from './organizations/accept-invitations.ts'
import { heldMemberships } from './organizations/held-memberships.ts'
import { Organization } from './organizations/organization.entity.ts'
import { saveOrganization } from './organizations/organization.service.ts'
import { OrganizationKind, Role } from './organizations/roles.ts'

const PEOPLE = [
  { email: DEMO.users.admin, name: 'Alma Admin', organizationId: DEMO.agencyId, role: Role.AGENCY_ADMIN },
  { email: DEMO.users.owner, name: 'Oskar Owner', organizationId: DEMO.clientId, role: Role.CLIENT_OWNER },
  { email: DEMO.users.reviewer, name: 'Rita Reviewer', organizationId: DEMO.clientId, role: Role.CLIENT_REVIEWER },
  { email: DEMO.users.viewer, name: 'Viktor Viewer', organizationId: DEMO.clientId, role: Role.CLIENT_VIEWER },
]
const CLI_SCOPES = ['wrm:read', 'wrm:write', 'hitl:decide', 'kb:read', 'kb:write', 'kpi:read', 'telemetry:read', 'audit:read']

/** The demo's part of this subgraph; what is there already stays as it is. */
export async function seedDemo(orm: MikroORM, secrets: Secrets, cliSecret: string): Promise<void> {
  const em = orm.em.fork()
  const agency = {
    id: DEMO.agencyId,
    name: DEMO.agencyName,
    kind: OrganizationKind.AGENCY,
    agencyId: null,
    timeZone: 'Europe/Berlin',
  }
  const client = { ...agency, id: DEMO.clientId, name: DEMO.clientName, kind: OrganizationKind.CLIENT, agencyId: DEMO.agencyId }
  for (const organization of [agency, client]) await saveOrganization(em, Object.assign(new Organization(), organization))
  for (const person of PEOPLE) await seedPerson(em, person)
  await seedServiceClient(em, secrets.tokenHash('client secret', cliSecret))
}

async function seedPerson(em: EntityManager, { email, name, organizationId, role }: (typeof PEOPLE)[number]) {
  const [{ id }] = await em.execute<[{ id: string }]>('select auth.ensure_user(?, ?) as id', [email, name])
  const held = await heldMemberships(em, id)
  if (held.some((membership) => membership.organizationId === organizationId)) return
  await em.fork({ session: tenantSession(organizationId) }).transactional((tenant) => enrol(tenant, organizationId, id, role))
}

/** The secret follows the one that the local platform keeps. */
async function seedServiceClient(em: EntityManager, secretHash: Buffer) {
  await em.fork({ session: tenantSession(DEMO.clientId) }).transactional(async (tenant) => {
    const [{ id }] = await tenant.execute<[{ id: string }]>(
      `insert into auth.service_clients (organization_id, client_id, name, scopes) values (?, ?, ?, ?::text[])
       on conflict (client_id) do update set name = excluded.name returning id`,
      [DEMO.clientId, DEMO.cliClientId, 'Command line', `{${CLI_SCOPES.join(',')}}`],
    )
    await tenant.execute('update auth.service_client_secrets set expires_at = now() where service_client_id = ? and hash <> ?', [
      id,
      secretHash,
    ])
    await tenant.execute(
      `insert into auth.service_client_secrets (organization_id, service_client_id, hash, hint) select ?, ?, ?, 'here'
       where not exists (select from auth.service_client_secrets where service_client_id = ? and hash = ?)`,
      [DEMO.clientId, id, secretHash, id, secretHash],
    )
  })
}
