import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { MikroORM } from '@mikro-orm/postgresql'
import { Audit } from '@signalbox/shared/audit'
import { DEMO } from '@signalbox/shared/demo'
import { newId } from '@signalbox/shared/ids'
import { tenantSession } from '@signalbox/shared/tenancy'
import type { Viewer } from '@signalbox/shared/viewer'
import { createAuthOrm } from '../orm.ts'
import { AuthFixture, type Credentials, type Json } from '../testing/auth-fixture.ts'
import { addNeighbour, NEIGHBOUR } from '../testing/neighbours.ts'
import { MembershipService } from './membership.service.ts'
import { Role, scopesOf } from './roles.ts'

const CHANGE = 'mutation ($input: ChangeMemberRoleInput!) { changeMemberRole(input: $input) { membership { id role } } }'
const REMOVE = 'mutation ($input: RemoveMemberInput!) { removeMember(input: $input) { membership { id } } }'
const INVITE = 'mutation ($input: InviteMemberInput!) { inviteMember(input: $input) { invitation { id } } }'
const SWITCH =
  'mutation ($id: ID!) { switchOrganization(input: { organizationId: $id }) { viewer { role organization { id } } } }'

describe('a membership', () => {
  let auth: AuthFixture
  let orm: MikroORM
  let owner: Credentials
  beforeAll(async () => {
    auth = await AuthFixture.start()
    await addNeighbour(auth)
    orm = await createAuthOrm(auth.env.DATABASE_URL)
    owner = await auth.tokenOf(DEMO.users.owner)
  })
  afterAll(async () => {
    await orm.close()
    await auth[Symbol.asyncDispose]()
  })

  const held = async (email: string, organizationId: string = DEMO.clientId) => {
    const { rows } = await auth.superuser.query(
      'select m.id, m.user_id, m.role, m.ended_at from auth.memberships m join auth.users u on u.id = user_id where email = $1 and organization_id = $2',
      [email, organizationId],
    )
    return rows[0] as { id: string; user_id: string; role: string; ended_at: Date | null }
  }
  const revocations = async () =>
    (await auth.superuser.query('select subject from auth.revocations order by 1')).rows.map((row) => row.subject as string)

  it('that changes refuses the access tokens of before in the same transaction, and a refusal changes nothing', async () => {
    const { id, user_id } = await held(DEMO.users.viewer)
    const lastOwner = await held(DEMO.users.owner)
    await auth.graphql(REMOVE, { input: { membershipId: lastOwner.id } }, owner)
    await auth.graphql(CHANGE, { input: { membershipId: id, role: 'CLIENT_VIEWER' } }, owner)
    expect(await revocations()).toEqual([])
    await auth.graphql(CHANGE, { input: { membershipId: id, role: 'CLIENT_REVIEWER' } }, owner)
    expect(await revocations()).toEqual([`actor:${user_id}`])
  })

  it('gives the new rights at the refresh', async () => {
    const { id } = await held(DEMO.users.viewer)
    const { refreshToken: refresh } = await auth.signIn(DEMO.users.viewer)
    await auth.superuser.query('delete from events.outbox')
    await auth.graphql(CHANGE, { input: { membershipId: id, role: 'CLIENT_VIEWER' } }, owner)
    const { rows } = await auth.superuser.query(`select payload from events.outbox where type = 'audit.recorded'`)
    expect(rows).toMatchObject([
      {
        payload: {
          action: 'member.role_changed',
          outcome: 'ALLOWED',
          actor: { kind: 'USER', id: (await held(DEMO.users.owner)).user_id },
          target: { type: 'Membership', id },
          details: { from: 'CLIENT_REVIEWER', to: 'CLIENT_VIEWER' },
        },
      },
    ])
    const { data } = await auth.graphql('mutation { refreshSession { viewer { role scopes } } }', {}, { refresh })
    expect(data.refreshSession.viewer).toEqual({ role: 'CLIENT_VIEWER', scopes: ['kpi:read', 'wrm:read'] })
  })

  it('that ends leaves a person with another one signed in there, and signs out a person without any', async () => {
    const second = await auth.graphql(INVITE, { input: { email: NEIGHBOUR.admin, role: 'CLIENT_VIEWER' } }, owner)
    expect(second.errors).toEqual([])
    await auth.inbox.take(NEIGHBOUR.admin)
    const people: [string, object][] = [
      [NEIGHBOUR.admin, { role: 'AGENCY_ADMIN', organization: { id: NEIGHBOUR.agencyId } }],
      [DEMO.users.viewer, { code: 'UNAUTHENTICATED' }],
    ]
    for (const [email, outcome] of people) {
      const { refreshToken: refresh } = await auth.signIn(email)
      const { id, user_id } = await held(email)
      expect((await auth.graphql(REMOVE, { input: { membershipId: id } }, owner)).errors).toEqual([])
      expect(await revocations()).toContain(`actor:${user_id}`)
      const { data, errors } = await auth.graphql(
        'mutation { refreshSession { viewer { role organization { id } } } }',
        {},
        { refresh },
      )
      expect(data?.refreshSession.viewer ?? errors[0]?.extensions).toMatchObject(outcome)
      const { rows } = await auth.superuser.query('select 1 from auth.sessions where user_id = $1 and ended_at is null', [
        user_id,
      ])
      expect(rows).toHaveLength(email === NEIGHBOUR.admin ? 1 : 0)
    }
  })

  it('that ended in this moment lets nobody in any more, though the access token has not', async () => {
    const { organizationId, owners } = await addPair(auth)
    await act(orm, organizationId, owners[0]!, (service) => service.remove(owners[1]!.id))
    const late = act(orm, organizationId, owners[1]!, (service) =>
      service.changeRole({ membershipId: owners[0]!.id, role: Role.CLIENT_OWNER }),
    )
    await expect(late).rejects.toMatchObject({ code: 'FORBIDDEN', message: 'You do not manage the members here any more.' })
  })

  it.each([
    ['demote each other', 'FORBIDDEN', 1, 0],
    ['step down', 'CONFLICT', 0, 1],
  ] as const)('keeps one of two owners who %s at once, in each of 20 organisations', async (_what, code, ofFirst, ofSecond) => {
    const pairs: Awaited<ReturnType<typeof addPair>>[] = []
    while (pairs.length < 20) pairs.push(await addPair(auth))
    const demote = (membershipId: string) => (service: MembershipService) =>
      service.changeRole({ membershipId, role: Role.CLIENT_VIEWER })
    const outcomes = await Promise.allSettled(
      pairs.flatMap(({ organizationId, owners }) => [
        act(orm, organizationId, owners[0]!, demote(owners[ofFirst]!.id)),
        act(orm, organizationId, owners[1]!, demote(owners[ofSecond]!.id)),
      ]),
    )
    for (const [index, { organizationId }] of pairs.entries()) {
      const both = outcomes.slice(index * 2, index * 2 + 2)
      expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
      expect(both.find(({ status }) => status === 'rejected')).toMatchObject({ reason: { code } })
      const { rows } = await auth.superuser.query(
        `select role from auth.memberships where organization_id = $1 and ended_at is null order by role`,
        [organizationId],
      )
      expect(rows).toEqual([{ role: 'CLIENT_OWNER' }, { role: 'CLIENT_VIEWER' }])
    }
  })

  it('gives nobody rights beyond those of who gives them', async () => {
    const admin = await auth.signIn(DEMO.users.admin)
    const created = await auth.graphql(
      'mutation ($input: CreateServiceClientInput!) { createServiceClient(input: $input) { secret serviceClient { id clientId } } }',
      { input: { name: 'People sync', scopes: ['org:admin', 'wrm:read', 'kpi:read'] } },
      owner,
    )
    const { secret, serviceClient } = created.data.createServiceClient
    const basic = `Basic ${Buffer.from(`${serviceClient.clientId}:${secret}`).toString('base64')}`
    const { body } = await auth.post({ grant_type: 'client_credentials' }, { authorization: basic })
    const program = { token: body.access_token as string }
    const reviewer = await held(DEMO.users.reviewer)
    const ownersMembership = await held(DEMO.users.owner)
    const attempts: [string, Json][] = [
      [INVITE, { email: 'puppet@harbour.example', role: 'CLIENT_OWNER' }],
      [INVITE, { email: 'puppet@harbour.example', role: 'CLIENT_REVIEWER' }],
      [CHANGE, { membershipId: reviewer.id, role: 'CLIENT_OWNER' }],
      [CHANGE, { membershipId: ownersMembership.id, role: 'CLIENT_VIEWER' }],
      [REMOVE, { membershipId: ownersMembership.id }],
    ]
    await auth.superuser.query('delete from events.outbox')
    for (const [query, input] of attempts) {
      const { errors } = await auth.graphql(query, { input }, program)
      expect(errors).toMatchObject([
        {
          message: expect.stringMatching(/^The role (Owner|Reviewer) has rights that you do not hold yourself: /),
          extensions: { code: 'FORBIDDEN' },
        },
      ])
    }
    const { rows } = await auth.superuser.query(
      `select payload->>'action' as action, payload->>'outcome' as outcome, payload->'actor' as actor from events.outbox order by id`,
    )
    expect(rows.map(({ action, outcome }) => `${action} ${outcome}`)).toEqual([
      'member.invited DENIED',
      'member.invited DENIED',
      'member.role_changed DENIED',
      'member.role_changed DENIED',
      'member.removed DENIED',
    ])
    expect(rows[0].actor).toEqual({ kind: 'SERVICE_CLIENT', id: serviceClient.id })
    const allowed = await auth.graphql(INVITE, { input: { email: 'intern@harbour.example', role: 'CLIENT_VIEWER' } }, program)
    expect(allowed.errors).toEqual([])
    const operator = await addOperator(auth, admin.accessToken)
    const refused = await auth.graphql(INVITE, { input: { email: 'boss@northwind.example', role: 'AGENCY_ADMIN' } }, operator)
    expect(refused.errors[0]?.extensions.code).toBe('FORBIDDEN')
    const wrongKind = await auth.graphql(INVITE, { input: { email: 'boss@northwind.example', role: 'AGENCY_ADMIN' } }, owner)
    expect(wrongKind.errors[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', fields: [{ path: 'role' }] })
  })

  it('of a client is managed by the agency’s administrators once they have switched to it, and only then', async () => {
    const admin = await auth.signIn(DEMO.users.admin)
    const { id } = await held(DEMO.users.reviewer)
    const change = { input: { membershipId: id, role: 'CLIENT_OWNER' } }
    const before = await auth.graphql(CHANGE, change, { token: admin.accessToken })
    expect(before.errors[0]?.extensions.code).toBe('NOT_FOUND')
    const switched = await auth.graphql(SWITCH, { id: DEMO.clientId }, { token: admin.accessToken, refresh: admin.refreshToken })
    expect(switched.data.switchOrganization.viewer).toEqual({ role: 'AGENCY_ADMIN', organization: { id: DEMO.clientId } })
    const { accessToken: token } = switched.session as { accessToken: string }
    expect((await auth.graphql(CHANGE, change, { token })).data.changeMemberRole.membership.role).toBe('CLIENT_OWNER')
    expect(
      (await auth.graphql(INVITE, { input: { email: 'cfo@harbour.example', role: 'CLIENT_OWNER' } }, { token })).errors,
    ).toEqual([])
  })
})

/** A client of the demo's agency with two owners, straight in the database. */
async function addPair({ superuser }: AuthFixture) {
  const organizationId = newId()
  await superuser.query(`insert into auth.organizations (id, name, kind, agency_id) values ($1, 'Pair', 'CLIENT', $2)`, [
    organizationId,
    DEMO.agencyId,
  ])
  const { rows } = await superuser.query(
    `with people as (insert into auth.users (email, display_name) select $1::uuid || '-' || n, 'Owner' from generate_series(1, 2) n returning id)
     insert into auth.memberships (organization_id, user_id, role) select $1::uuid, id, 'CLIENT_OWNER' from people returning id, user_id`,
    [organizationId],
  )
  return { organizationId, owners: rows as { id: string; user_id: string }[] }
}

function act<T>(
  orm: MikroORM,
  organizationId: string,
  { user_id: actorId }: { user_id: string },
  work: (service: MembershipService) => Promise<T>,
): Promise<T> {
  const scopes = new Set<string>(scopesOf(Role.CLIENT_OWNER))
  const viewer = { actorId, actorKind: 'USER', organizationId, organizationIds: [organizationId], scopes } as unknown as Viewer
  const em = orm.em.fork({ session: tenantSession(organizationId) })
  return work(new MembershipService(em, viewer, new Audit({ viewer })))
}

async function addOperator(auth: AuthFixture, token: string): Promise<Credentials> {
  const email = 'operator@northwind.example'
  const { errors } = await auth.graphql(INVITE, { input: { email, role: 'AGENCY_OPERATOR' } }, { token })
  expect(errors).toEqual([])
  await auth.inbox.take(email)
  return auth.tokenOf(email)
}
