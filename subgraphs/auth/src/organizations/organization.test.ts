import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { DEMO } from '@signalbox/shared/demo'
import { AuthFixture, type Credentials, type Json } from '../testing/auth-fixture.ts'
import { addNeighbour, NEIGHBOUR } from '../testing/neighbours.ts'

const MEMBERS = `query ($id: ID!, $first: Int, $after: String) {
  organization(id: $id) { members(first: $first, after: $after) { totalCount pageInfo { hasNextPage endCursor } nodes { id role user { displayName email } } } }
}`
const INVITE = 'mutation ($input: InviteMemberInput!) { inviteMember(input: $input) { invitation { id email role expiresAt } } }'
const CHANGE =
  'mutation ($input: ChangeMemberRoleInput!) { changeMemberRole(input: $input) { membership { id role user { displayName } } } }'
const REMOVE = 'mutation ($input: RemoveMemberInput!) { removeMember(input: $input) { membership { id } } }'
const CREATE =
  'mutation ($input: CreateOrganizationInput!) { createOrganization(input: $input) { organization { id name kind timeZone agency { id } } } }'
const ORGANIZATIONS = '{ organizations { id name kind agency { name } } }'

describe('an organisation', () => {
  let auth: AuthFixture
  let admin: Credentials
  let owner: Credentials
  let reviewer: Credentials
  beforeAll(async () => {
    auth = await AuthFixture.start()
    await addNeighbour(auth)
    admin = await auth.tokenOf(DEMO.users.admin)
    owner = await auth.tokenOf(DEMO.users.owner)
    reviewer = await auth.tokenOf(DEMO.users.reviewer)
  })
  beforeEach(() => auth.superuser.query('delete from events.outbox'))
  afterAll(() => auth[Symbol.asyncDispose]())

  const events = async () => {
    const { rows } = await auth.superuser.query(
      `select organization_id, type, payload from events.outbox where type <> 'audit.recorded' order by id`,
    )
    return rows as { organization_id: string; type: string; payload: Record<string, unknown> }[]
  }
  const membersOf = async (as: Credentials, page = {}) =>
    (await auth.graphql(MEMBERS, { id: DEMO.clientId, ...page }, as)).data.organization.members
  const membershipOf = async (name: string) => {
    const { nodes } = await membersOf(owner)
    return nodes.find((node: Json) => node.user.displayName === name).id as string
  }

  it('is listed to those who may act in it or read it', async () => {
    expect((await auth.graphql(ORGANIZATIONS, {}, owner)).data.organizations).toEqual([
      { id: DEMO.clientId, name: DEMO.clientName, kind: 'CLIENT', agency: null },
    ])
    expect((await auth.graphql(ORGANIZATIONS, {}, admin)).data.organizations).toEqual([
      { id: DEMO.agencyId, name: DEMO.agencyName, kind: 'AGENCY', agency: null },
      { id: DEMO.clientId, name: DEMO.clientName, kind: 'CLIENT', agency: { name: DEMO.agencyName } },
    ])
  })

  it('pages through its members', async () => {
    const first = await membersOf(owner, { first: 2 })
    expect(first).toMatchObject({ totalCount: 3, pageInfo: { hasNextPage: true }, nodes: [{}, {}] })
    const second = await membersOf(owner, { first: 2, after: first.pageInfo.endCursor })
    expect(second).toMatchObject({ totalCount: 3, pageInfo: { hasNextPage: false }, nodes: [{}] })
    const names = [...first.nodes, ...second.nodes].map((node) => node.user.displayName)
    expect(new Set(names)).toEqual(new Set(['Oskar Owner', 'Rita Reviewer', 'Viktor Viewer']))
  })

  it.each([
    ['a made-up cursor', { after: 'bm9uc2Vuc2U' }],
    ['a cursor of another list', { after: Buffer.from('[1]').toString('base64url') }],
    ['a page of 201', { first: 201 }],
  ])('refuses %s', async (_name, page) => {
    const { errors } = await auth.graphql(MEMBERS, { id: DEMO.clientId, ...page }, owner)
    expect(errors[0]?.extensions.code).toBe('BAD_USER_INPUT')
  })

  it('shows addresses whole to its administrators, and masked to others but to oneself', async () => {
    const emails = async (as: Credentials) => (await membersOf(as)).nodes.map((node: Json) => node.user.email).sort()
    expect(await emails(owner)).toEqual([DEMO.users.owner, DEMO.users.reviewer, DEMO.users.viewer])
    expect(await emails(reviewer)).toEqual(['o•••@harbour.example', DEMO.users.reviewer, 'v•••@harbour.example'])
  })

  it('takes an invited address in at its first sign-in', async () => {
    const email = 'new.colleague@harbour.example'
    const { data } = await auth.graphql(
      INVITE,
      { input: { email: 'New.Colleague@Harbour.example', role: 'CLIENT_VIEWER' } },
      owner,
    )
    expect(data.inviteMember.invitation).toMatchObject({ email, role: 'CLIENT_VIEWER' })
    expect((await auth.inbox.take(email)).subject).toBe('Harbour Bank invites you to Signalbox')
    const token = await auth.tokenOf(email)
    expect((await auth.graphql('{ viewer { role actor { ... on User { displayName } } } }', {}, token)).data.viewer).toEqual({
      role: 'CLIENT_VIEWER',
      actor: { displayName: 'New Colleague' },
    })
    expect(await events()).toEqual([
      {
        organization_id: DEMO.clientId,
        type: 'membership.changed',
        payload: { userId: expect.any(String), organizationId: DEMO.clientId, role: 'CLIENT_VIEWER' },
      },
    ])
    const again = await auth.graphql(INVITE, { input: { email, role: 'CLIENT_OWNER' } }, owner)
    expect(again.errors[0]?.extensions).toMatchObject({ code: 'CONFLICT', current: { role: 'CLIENT_VIEWER' } })
    await auth.graphql(REMOVE, { input: { membershipId: await membershipOf('New Colleague') } }, owner)
  })

  it('changes a role and tells the others', async () => {
    const membershipId = await membershipOf('Viktor Viewer')
    const { data } = await auth.graphql(CHANGE, { input: { membershipId, role: 'CLIENT_REVIEWER' } }, owner)
    expect(data.changeMemberRole.membership).toEqual({
      id: membershipId,
      role: 'CLIENT_REVIEWER',
      user: { displayName: 'Viktor Viewer' },
    })
    expect(await events()).toMatchObject([{ type: 'membership.changed', payload: { role: 'CLIENT_REVIEWER' } }])
  })

  it('removes a member, who then cannot refresh nor sign in, and keeps the name', async () => {
    const viewer = await auth.signIn(DEMO.users.viewer)
    const membershipId = await membershipOf('Viktor Viewer')
    const { rows } = await auth.superuser.query('select user_id from auth.memberships where id = $1', [membershipId])
    await auth.graphql(REMOVE, { input: { membershipId } }, owner)
    expect(await events()).toMatchObject([{ type: 'membership.changed', payload: { userId: rows[0].user_id, role: null } }])
    expect((await membersOf(owner)).totalCount).toBe(2)
    const refresh = await auth.graphql('mutation { refreshSession { viewer { role } } }', {}, { refresh: viewer.refreshToken })
    expect(refresh.errors[0]?.extensions.code).toBe('UNAUTHENTICATED')
    expect((await auth.superuser.query('select auth.is_expected($1) as expected', [DEMO.users.viewer])).rows).toEqual([
      { expected: false },
    ])
    const reference = { representations: [{ __typename: 'User', id: rows[0].user_id }] }
    const query =
      'query ($representations: [_Any!]!) { _entities(representations: $representations) { ... on User { displayName } } }'
    expect((await auth.graphql(query, reference, reviewer)).data._entities).toEqual([{ displayName: 'Viktor Viewer' }])
    const again = await auth.graphql(REMOVE, { input: { membershipId } }, owner)
    expect(again.errors[0]?.extensions.code).toBe('NOT_FOUND')
  })

  it('does not lose its last owner', async () => {
    const membershipId = await membershipOf('Oskar Owner')
    for (const [query, input] of [
      [REMOVE, { membershipId }],
      [CHANGE, { membershipId, role: 'CLIENT_VIEWER' }],
    ] as const) {
      const { errors } = await auth.graphql(query, { input }, owner)
      expect(errors[0]?.extensions).toEqual({ code: 'CONFLICT', current: { membershipId, role: 'CLIENT_OWNER' } })
    }
    expect(await events()).toEqual([])
  })

  it('has roles of its own kind only', async () => {
    const { errors } = await auth.graphql(INVITE, { input: { email: 'x@harbour.example', role: 'AGENCY_ADMIN' } }, owner)
    expect(errors[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', fields: [{ path: 'role' }] })
  })

  it('is changed by its administrators only', async () => {
    const attempts: [string, object][] = [
      [INVITE, { email: 'x@harbour.example', role: 'CLIENT_OWNER' }],
      [CHANGE, { membershipId: await membershipOf('Rita Reviewer'), role: 'CLIENT_OWNER' }],
      [REMOVE, { membershipId: await membershipOf('Oskar Owner') }],
      [CREATE, { name: 'Mine' }],
    ]
    for (const [query, input] of attempts) {
      expect((await auth.graphql(query, { input }, reviewer)).errors[0]?.extensions.code).toBe('FORBIDDEN')
      expect(await auth.graphql(query, { input })).toMatchObject({
        status: 401,
        errors: [{ extensions: { code: 'UNAUTHENTICATED' } }],
      })
    }
  })

  it('is made by an agency, which reads it from the next session refresh on', async () => {
    const { data } = await auth.graphql(CREATE, { input: { name: 'Meadow Foods', timeZone: 'America/New_York' } }, admin)
    const { id } = data.createOrganization.organization
    expect(data.createOrganization.organization).toMatchObject({
      name: 'Meadow Foods',
      kind: 'CLIENT',
      timeZone: 'America/New_York',
      agency: { id: DEMO.agencyId },
    })
    expect(await events()).toEqual([
      {
        organization_id: id,
        type: 'organization.saved',
        payload: {
          organizationId: id,
          name: 'Meadow Foods',
          kind: 'CLIENT',
          agencyId: DEMO.agencyId,
          timeZone: 'America/New_York',
        },
      },
    ])
    const fresh = await auth.tokenOf(DEMO.users.admin)
    expect(
      (await auth.graphql('query ($id: ID!) { organization(id: $id) { name } }', { id }, fresh)).data.organization.name,
    ).toBe('Meadow Foods')
  })

  it.each([
    ['no name', { name: ' ' }, 'name'],
    ['a name of two lines', { name: 'a\nb' }, 'name'],
    ['a name of 121 characters', { name: 'a'.repeat(121) }, 'name'],
    ['no such time zone', { name: 'Fine', timeZone: 'Mars/Base' }, 'timeZone'],
  ])('is not made with %s', async (_name, input, path) => {
    const { errors } = await auth.graphql(CREATE, { input }, admin)
    expect(errors[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', fields: [{ path }] })
  })

  it('is one of 400 clients at most, which a token has room for', async () => {
    const { rows } = await auth.superuser.query(
      `insert into auth.organizations (name, kind, agency_id)
       select 'One of many', 'CLIENT', $1 from generate_series(1, 399 - auth.client_count($1)) returning id`,
      [DEMO.agencyId],
    )
    try {
      const create = () => auth.graphql(CREATE, { input: { name: 'One too many' } }, admin)
      const answers = await Promise.all(Array.from({ length: 5 }, create))
      expect(answers.filter(({ errors }) => errors.length === 0)).toHaveLength(1)
      expect(answers.find(({ errors }) => errors.length > 0)!.errors[0]).toMatchObject({
        message: 'An agency has at most 400 clients. Ask the operator for a second agency.',
        extensions: { code: 'BAD_USER_INPUT', fields: [{ path: 'input.name', message: 'no room: there are 400 clients' }] },
      })
    } finally {
      await auth.superuser.query(`delete from auth.organizations where id = any($1) or name = 'One too many'`, [
        rows.map(({ id }) => id),
      ])
    }
  })

  it('is made with its first owner invited, or not at all', async () => {
    const email = 'first.owner@orchard.example'
    const query = `mutation ($input: CreateOrganizationInput!) { createOrganization(input: $input) {
      organization { id } invitation { email role status }
    } }`
    const { data } = await auth.graphql(query, { input: { name: 'Orchard', ownerEmail: email } }, admin)
    expect(data.createOrganization.invitation).toEqual({ email, role: 'CLIENT_OWNER', status: 'OPEN' })
    expect((await auth.inbox.take(email)).subject).toBe('Orchard invites you to Signalbox')
    const first = await auth.graphql('{ viewer { role organization { id } } }', {}, await auth.tokenOf(email))
    expect(first.data.viewer).toEqual({
      role: 'CLIENT_OWNER',
      organization: { id: data.createOrganization.organization.id },
    })
    const { errors } = await auth.graphql(query, { input: { name: 'Nowhere', ownerEmail: 'not an address' } }, admin)
    expect(errors[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', fields: [{ path: 'email' }] })
    expect((await auth.superuser.query(`select 1 from auth.organizations where name = 'Nowhere'`)).rows).toEqual([])
  })

  it('is renamed and moved to another time zone by its administrators, and the others are told', async () => {
    const update =
      'mutation ($input: UpdateOrganizationInput!) { updateOrganization(input: $input) { organization { name timeZone } } }'
    const { data } = await auth.graphql(update, { input: { timeZone: 'Europe/Lisbon' } }, owner)
    expect(data.updateOrganization.organization).toEqual({ name: DEMO.clientName, timeZone: 'Europe/Lisbon' })
    expect(await events()).toMatchObject([
      { organization_id: DEMO.clientId, type: 'organization.saved', payload: { timeZone: 'Europe/Lisbon', kind: 'CLIENT' } },
    ])
    const refused = await auth.graphql(update, { input: { timeZone: 'Mars/Base' } }, owner)
    expect(refused.errors[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', fields: [{ path: 'timeZone' }] })
    const forbidden = await auth.graphql(update, { input: { name: 'Mine' } }, reviewer)
    expect(forbidden.errors[0]?.extensions.code).toBe('FORBIDDEN')
  })

  it('tells a client who of its agency sees its data, and nobody else', async () => {
    await auth.superuser.query(
      `insert into auth.service_clients (organization_id, client_id, name, scopes) values ($1, 'agency-bot', 'Agency bot', '{wrm:read}')`,
      [DEMO.agencyId],
    )
    const query = `query ($id: ID!) { organization(id: $id) {
      agencyAccess { name people { role user { displayName } } programs { name scopes } }
    } }`
    const { data } = await auth.graphql(query, { id: DEMO.clientId }, reviewer)
    expect(data.organization.agencyAccess).toEqual({
      name: DEMO.agencyName,
      people: [{ role: 'AGENCY_ADMIN', user: { displayName: 'Alma Admin' } }],
      programs: [{ name: 'Agency bot', scopes: ['wrm:read'] }],
    })
    expect((await auth.graphql(query, { id: DEMO.agencyId }, admin)).data.organization.agencyAccess).toBeNull()
    const stranger = await auth.graphql(query, { id: NEIGHBOUR.clientId }, reviewer)
    expect(stranger.errors[0]?.extensions.code).toBe('NOT_FOUND')
  })

  it('has roles that say in a sentence what they are for', async () => {
    const { data } = await auth.graphql('{ roles { role kind name sentence scopes } }', {}, reviewer)
    expect(data.roles).toHaveLength(5)
    expect(data.roles).toContainEqual({
      role: 'CLIENT_VIEWER',
      kind: 'CLIENT',
      name: 'Viewer',
      sentence: 'Sees runs and results, and changes nothing.',
      scopes: ['wrm:read', 'kpi:read'],
    })
    expect((await auth.graphql('{ roles { role } }')).status).toBe(401)
  })

  it('is not made by a client', async () => {
    expect((await auth.graphql(CREATE, { input: { name: 'Sub' } }, owner)).errors[0]?.extensions.code).toBe('FORBIDDEN')
  })
})
