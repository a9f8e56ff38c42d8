import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { DEMO } from '@signalbox/shared/demo'
import pg from 'pg'
import { AuthFixture, type Credentials } from '../testing/auth-fixture.ts'
import { addNeighbour, NEIGHBOUR } from '../testing/neighbours.ts'

const ENTITIES = `query ($representations: [_Any!]!) { _entities(representations: $representations) {
  ... on User { id displayName } ... on ServiceClient { id name } ... on Organization { id name } ... on SystemActor { id name }
} }`
const NOWHERE = '0190a000-0000-7000-8000-00000000ffff'

describe('tenancy', () => {
  let auth: AuthFixture
  let admin: Credentials
  let owner: Credentials
  let neighbour: Credentials
  let database: pg.Client
  beforeAll(async () => {
    auth = await AuthFixture.start()
    await addNeighbour(auth)
    admin = await auth.tokenOf(DEMO.users.admin)
    owner = await auth.tokenOf(DEMO.users.owner)
    neighbour = await auth.tokenOf(NEIGHBOUR.admin)
    database = new pg.Client({ connectionString: auth.env.DATABASE_URL })
    await database.connect()
  })
  afterAll(async () => {
    await database.end()
    await auth[Symbol.asyncDispose]()
  })

  const ids = async () => {
    const { rows } = await auth.superuser.query(
      `select (select id from auth.users where email = $1) as admin, (select id from auth.users where email = $2) as owner,
         (select id from auth.service_clients where client_id = $3) as cli`,
      [DEMO.users.admin, DEMO.users.owner, DEMO.cliClientId],
    )
    return rows[0] as { admin: string; owner: string; cli: string }
  }
  const entities = async (as: Credentials, ...references: [string, string][]) => {
    const representations = references.map(([__typename, id]) => ({ __typename, id }))
    const { data, errors } = await auth.graphql(ENTITIES, { representations }, as)
    expect(errors).toEqual([])
    return data._entities
  }

  it('makes another’s organisation look like none', async () => {
    const ask = async (id: string) => {
      const { data, errors } = await auth.graphql('query ($id: ID!) { organization(id: $id) { name } }', { id }, owner)
      return { data, errors: errors.map(({ message, extensions }) => ({ message, extensions })) }
    }
    const none = await ask(NOWHERE)
    expect(none).toEqual({
      data: { organization: null },
      errors: [{ message: 'There is no such organization.', extensions: { code: 'NOT_FOUND' } }],
    })
    for (const id of [NEIGHBOUR.agencyId, NEIGHBOUR.clientId, DEMO.agencyId, 'nonsense']) expect(await ask(id)).toEqual(none)
  })

  it('makes another’s members and service clients look like none when they are to be changed', async () => {
    const mutations = [
      `mutation { changeMemberRole(input: { membershipId: "${NEIGHBOUR.membershipId}", role: AGENCY_OPERATOR }) { membership { id } } }`,
      `mutation { removeMember(input: { membershipId: "${NEIGHBOUR.membershipId}" }) { membership { id } } }`,
      `mutation { rotateServiceClientSecret(input: { id: "${NEIGHBOUR.serviceClientId}" }) { secret } }`,
      `mutation { revokeServiceClient(input: { id: "${NEIGHBOUR.serviceClientId}" }) { serviceClient { id } } }`,
      `mutation { switchOrganization(input: { organizationId: "${NEIGHBOUR.agencyId}" }) { viewer { role } } }`,
    ]
    const refresh = (await auth.signIn(DEMO.users.admin)).refreshToken
    for (const mutation of mutations) {
      expect((await auth.graphql(mutation, {}, { ...admin, refresh })).errors[0]?.extensions.code).toBe('NOT_FOUND')
    }
  })

  it('resolves references within sight only, in one batch', async () => {
    const { admin: adminId, owner: ownerId, cli } = await ids()
    const references: [string, string][] = [
      ['User', ownerId],
      ['User', adminId],
      ['User', NEIGHBOUR.userId],
      ['User', 'nonsense'],
      ['ServiceClient', cli],
      ['ServiceClient', NEIGHBOUR.serviceClientId],
      ['Organization', DEMO.clientId],
      ['Organization', NEIGHBOUR.clientId],
      ['SystemActor', 'policy'],
      ['SystemActor', 'nobody'],
    ]
    const [owner_, admin_, neighbour_] = [
      await entities(owner, ...references),
      await entities(admin, ...references),
      await entities(neighbour, ...references),
    ]
    const names = (list: ({ name?: string; displayName?: string } | null)[]) =>
      list.map((entity) => entity && (entity.name ?? entity.displayName))
    // A client's people see who of their agency acted for them.
    expect(names(owner_)).toEqual([
      'Oskar Owner',
      'Alma Admin',
      null,
      null,
      'Command line',
      null,
      DEMO.clientName,
      null,
      'Policy',
      null,
    ])
    expect(names(admin_)).toEqual(names(owner_))
    expect(names(neighbour_)).toEqual([null, null, 'Sven Admin', null, null, 'South', null, 'Lighthouse', 'Policy', null])
  })

  it('resolves no reference for nobody', async () => {
    const { data } = await auth.graphql(ENTITIES, { representations: [{ __typename: 'User', id: (await ids()).owner }] })
    expect(data._entities).toEqual([null])
  })

  it('masks an agency’s address from its client’s owner', async () => {
    const query = 'query ($representations: [_Any!]!) { _entities(representations: $representations) { ... on User { email } } }'
    const { admin: adminId } = await ids()
    const { data } = await auth.graphql(query, { representations: [{ __typename: 'User', id: adminId }] }, owner)
    expect(data._entities).toEqual([{ email: 'a•••@northwind.example' }])
  })

  it('is held by the database: without a tenant no row is seen, and none is written for another', async () => {
    for (const table of ['users', 'organizations', 'memberships', 'invitations', 'service_clients']) {
      expect((await database.query(`select * from auth.${table}`)).rows).toEqual([])
    }
    await database.query('begin')
    await database.query(`select set_config('app.organization', $1, true), set_config('app.organizations', $2, true)`, [
      DEMO.clientId,
      `{${DEMO.clientId},${NEIGHBOUR.agencyId}}`,
    ])
    expect(
      (await database.query('update auth.memberships set role = role where organization_id = $1', [NEIGHBOUR.agencyId])).rowCount,
    ).toBe(0)
    await expect(
      database.query(`insert into auth.memberships (organization_id, user_id, role) values ($1, $2, 'AGENCY_ADMIN')`, [
        NEIGHBOUR.agencyId,
        (await ids()).owner,
      ]),
    ).rejects.toThrow(/row-level security/)
    await database.query('rollback')
  })

  it('is forced on every table that holds a tenant’s data', async () => {
    const { rows } = await auth.superuser.query(
      `select relname from pg_class where relnamespace = 'auth'::regnamespace and relkind = 'r' and not (relrowsecurity and relforcerowsecurity) order by 1`,
    )
    // `migrations` is the migrator's.
    expect(rows.map((row) => row.relname)).toEqual(['migrations'])
  })

  it('keeps the functions of a sign-in from every role but the service’s', async () => {
    const { rows } = await auth.superuser.query(
      `select proname from pg_proc where pronamespace = 'auth'::regnamespace and has_function_privilege('workflow_app', oid, 'execute')`,
    )
    expect(rows).toEqual([])
  })
})
