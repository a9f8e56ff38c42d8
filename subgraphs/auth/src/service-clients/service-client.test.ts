import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { DEMO } from '@signalbox/shared/demo'
import { encodeOrganizations } from '@signalbox/shared/organization-list'
import { decodeJwt } from 'jose'
import { AuthFixture, type Credentials, type Json } from '../testing/auth-fixture.ts'

const CREATE = `mutation ($input: CreateServiceClientInput!) {
  createServiceClient(input: $input) { secret serviceClient { id clientId name kind status redirectUris scopes expiresAt lastUsedAt secrets { hint } } }
}`
const ROTATE = `mutation ($id: ID!, $overlapHours: Int! = 24) {
  rotateServiceClientSecret(input: { id: $id, overlapHours: $overlapHours }) {
    secret serviceClient { secrets { id hint createdAt expiresAt lastUsedAt } }
  }
}`
const REVOKE = 'mutation ($id: ID!) { revokeServiceClient(input: { id: $id }) { serviceClient { revokedAt } } }'
const LIST = `query ($id: ID!) {
  organization(id: $id) { serviceClients { id name kind status redirectUris lastUsedAt secrets { hint expiresAt lastUsedAt } } }
}`

describe('a service client', () => {
  let auth: AuthFixture
  let owner: Credentials
  beforeAll(async () => {
    auth = await AuthFixture.start()
    owner = await auth.tokenOf(DEMO.users.owner)
  })
  afterAll(() => auth[Symbol.asyncDispose]())

  const create = async (input: object, as = owner) => {
    const answer = await auth.graphql(CREATE, { input: { name: 'n8n', scopes: ['wrm:read', 'wrm:write'], ...input } }, as)
    return { ...answer, made: answer.data?.createServiceClient }
  }
  const tokenFor = (clientId: string, secret: string) =>
    auth.post({ grant_type: 'client_credentials', client_id: clientId, client_secret: secret })
  const listed = async () => (await auth.graphql(LIST, { id: DEMO.clientId }, owner)).data.organization.serviceClients as Json[]

  it('gets tokens with its scopes by the secret that is shown once', async () => {
    const { made } = await create({})
    const { body } = await tokenFor(made.serviceClient.clientId, made.secret)
    expect(decodeJwt(body.access_token)).toMatchObject({
      sub: made.serviceClient.id,
      org: DEMO.clientId,
      scope: 'wrm:read wrm:write',
    })
    const found = (await listed()).find(({ id }) => id === made.serviceClient.id)
    expect(Date.parse(found.lastUsedAt)).toBeGreaterThan(Date.now() - 60_000)
    const { rows } = await auth.superuser.query('select service_clients::text as row from auth.service_clients where id = $1', [
      made.serviceClient.id,
    ])
    expect(rows[0].row).not.toContain(made.secret)
    expect(rows[0].row).not.toContain(Buffer.from(made.secret).toString('hex'))
  })

  it('of an agency reads the agency’s clients', async () => {
    const { made } = await create({}, await auth.tokenOf(DEMO.users.admin))
    const { body } = await tokenFor(made.serviceClient.clientId, made.secret)
    expect(decodeJwt(body.access_token)).toMatchObject({
      org: DEMO.agencyId,
      orgs: encodeOrganizations([DEMO.agencyId, DEMO.clientId]),
    })
  })

  it('changes its secret without an outage: the former one works for another day, and each says when it was used', async () => {
    const { made } = await create({})
    const { id, clientId } = made.serviceClient
    expect(made.serviceClient).toMatchObject({
      kind: 'CONFIDENTIAL',
      status: 'ACTIVE',
      secrets: [{ hint: made.secret.slice(-4) }],
    })
    const { secret, serviceClient } = (await auth.graphql(ROTATE, { id }, owner)).data.rotateServiceClientSecret
    expect(serviceClient.secrets.map(({ hint }: Json) => hint)).toEqual([secret.slice(-4), made.secret.slice(-4)])
    const hours = (Date.parse(serviceClient.secrets[1].expiresAt) - Date.now()) / 3_600_000
    expect(hours).toBeGreaterThan(23.9)
    expect(hours).toBeLessThanOrEqual(24)
    expect((await tokenFor(clientId, made.secret)).status).toBe(200)
    const unused = (await listed()).find((client) => client.id === id).secrets
    expect(unused).toEqual([
      { hint: secret.slice(-4), expiresAt: null, lastUsedAt: null },
      { hint: made.secret.slice(-4), expiresAt: expect.any(String), lastUsedAt: expect.any(String) },
    ])
    expect((await tokenFor(clientId, secret)).status).toBe(200)
  })

  it('changes its secret at once when that is asked for, and then the old one is refused', async () => {
    const { made } = await create({})
    const { id, clientId } = made.serviceClient
    const { data } = await auth.graphql(ROTATE, { id, overlapHours: 0 }, owner)
    expect(data.rotateServiceClientSecret.serviceClient.secrets).toHaveLength(1)
    expect((await tokenFor(clientId, made.secret)).status).toBe(401)
    expect((await tokenFor(clientId, data.rotateServiceClientSecret.secret)).status).toBe(200)
  })

  it('refuses a secret whose overlap has ended', async () => {
    const { made } = await create({})
    const { id, clientId } = made.serviceClient
    await auth.graphql(ROTATE, { id, overlapHours: 1 }, owner)
    await auth.superuser.query(
      `update auth.service_client_secrets set expires_at = expires_at - interval '1 hour' where service_client_id = $1`,
      [id],
    )
    expect((await tokenFor(clientId, made.secret)).status).toBe(401)
  })

  it('never has more than five secrets that work', async () => {
    const { made } = await create({})
    const { id } = made.serviceClient
    for (let rotation = 0; rotation < 4; rotation++) expect((await auth.graphql(ROTATE, { id }, owner)).errors).toEqual([])
    const { errors } = await auth.graphql(ROTATE, { id }, owner)
    expect(errors[0]?.extensions).toEqual({ code: 'CONFLICT', current: { secrets: 5 } })
    expect((await auth.graphql(ROTATE, { id, overlapHours: 0 }, owner)).errors).toEqual([])
  })

  it.each([-1, 169])('refuses an overlap of %p hours', async (overlapHours) => {
    const { made } = await create({})
    const { errors } = await auth.graphql(ROTATE, { id: made.serviceClient.id, overlapHours }, owner)
    expect(errors[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', fields: [{ path: 'overlapHours' }] })
  })

  it('that is public has no secret, but addresses to send people back to', async () => {
    const redirectUris = ['https://app.example.com/callback', 'http://127.0.0.1/callback', 'com.example.app:/callback']
    const { made } = await create({ kind: 'PUBLIC', redirectUris })
    expect(made).toMatchObject({ secret: null, serviceClient: { kind: 'PUBLIC', redirectUris, secrets: [] } })
    expect((await auth.graphql(ROTATE, { id: made.serviceClient.id }, owner)).errors[0]?.extensions).toMatchObject({
      code: 'BAD_USER_INPUT',
      fields: [{ path: 'id' }],
    })
    expect((await tokenFor(made.serviceClient.clientId, 'x')).status).toBe(401)
  })

  it('writes what was done with it into the audit trail', async () => {
    const { made } = await create({})
    const { id } = made.serviceClient
    await auth.graphql(ROTATE, { id, overlapHours: 2 }, owner)
    await auth.graphql(REVOKE, { id }, owner)
    const { rows } = await auth.superuser.query(
      `select payload->>'action' as action, payload->'details' as details, organization_id, payload->'actor'->>'kind' as kind
       from events.outbox where type = 'audit.recorded' and payload->'target'->>'id' = $1 order by id`,
      [id],
    )
    const common = { organization_id: DEMO.clientId, kind: 'USER' }
    expect(rows).toEqual([
      { action: 'service_client.created', details: { kind: 'CONFIDENTIAL', scopes: 'wrm:read wrm:write' }, ...common },
      { action: 'service_client.secret_rotated', details: { overlapHours: 2 }, ...common },
      { action: 'service_client.revoked', details: {}, ...common },
    ])
    expect(JSON.stringify(rows)).not.toContain(made.secret)
  })

  it('gets no token once it is revoked, and leaves the list', async () => {
    const { made } = await create({})
    const { id, clientId } = made.serviceClient
    expect((await auth.graphql(REVOKE, { id }, owner)).data.revokeServiceClient.serviceClient.revokedAt).not.toBeNull()
    expect((await tokenFor(clientId, made.secret)).status).toBe(401)
    expect((await listed()).map((client) => client.id)).not.toContain(id)
    expect((await auth.graphql(REVOKE, { id }, owner)).errors[0]?.extensions.code).toBe('NOT_FOUND')
  })

  it('is refused with the tokens that it has within a second of its end', async () => {
    const { made } = await create({})
    const { body } = await tokenFor(made.serviceClient.clientId, made.secret)
    const statusOf = async () => (await auth.graphql('{ viewer { role } }', {}, { token: body.access_token })).status
    expect(await statusOf()).toBe(200)
    const revoked = Date.now()
    await auth.graphql(REVOKE, { id: made.serviceClient.id }, owner)
    while ((await statusOf()) === 200) expect(Date.now() - revoked).toBeLessThan(10_000)
    expect(await statusOf()).toBe(401)
  })

  it('gets no token once it has expired', async () => {
    const { made } = await create({ expiresAt: new Date(Date.now() + 3_600_000).toISOString() })
    const { id, clientId } = made.serviceClient
    expect((await tokenFor(clientId, made.secret)).status).toBe(200)
    await auth.superuser.query('update auth.service_clients set expires_at = now() where id = $1', [id])
    expect((await tokenFor(clientId, made.secret)).status).toBe(401)
  })

  it.each([
    ['a scope that its maker lacks', { scopes: ['workflow:publish'] }, 'scopes'],
    ['an unknown scope', { scopes: ['wrm:destroy'] }, 'scopes'],
    ['no scope', { scopes: [] }, 'scopes'],
    ['an end in the past', { expiresAt: '2020-01-01T00:00:00Z' }, 'expiresAt'],
    ['no name', { name: '' }, 'name'],
    ['a secret and addresses', { redirectUris: ['https://app.example.com/callback'] }, 'redirectUris'],
    ['neither a secret nor an address', { kind: 'PUBLIC' }, 'redirectUris'],
    ['an address with a fragment', { kind: 'PUBLIC', redirectUris: ['https://app.example.com/#x'] }, 'redirectUris'],
  ])('is not made with %s', async (_name, input, path) => {
    expect((await create(input)).errors[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', fields: [{ path }] })
  })

  it('is made, changed, revoked and listed by administrators only', async () => {
    const reviewer = await auth.tokenOf(DEMO.users.reviewer)
    const { made } = await create({})
    const { id } = made.serviceClient
    expect((await create({}, reviewer)).errors[0]?.extensions.code).toBe('FORBIDDEN')
    for (const [query, variables] of [
      [ROTATE, { id }],
      [REVOKE, { id }],
      [LIST, { id: DEMO.clientId }],
    ] as const) {
      expect((await auth.graphql(query, variables, reviewer)).errors[0]?.extensions.code).toBe('FORBIDDEN')
    }
  })

  it('cannot switch its organisation', async () => {
    const { made } = await create({})
    const { body } = await tokenFor(made.serviceClient.clientId, made.secret)
    const query = `mutation { switchOrganization(input: { organizationId: "${DEMO.clientId}" }) { viewer { role } } }`
    expect((await auth.graphql(query, {}, { token: body.access_token })).errors[0]?.extensions.code).toBe('FORBIDDEN')
  })
})
