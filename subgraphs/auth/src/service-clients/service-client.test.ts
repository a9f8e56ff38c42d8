import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { DEMO } from '@signalbox/shared/demo'
import { decodeJwt } from 'jose'
import { AuthFixture, type Credentials, type Json } from '../testing/auth-fixture.ts'

const CREATE = `mutation ($input: CreateServiceClientInput!) {
  createServiceClient(input: $input) { secret serviceClient { id clientId name scopes expiresAt lastUsedAt } }
}`
const ROTATE = 'mutation ($id: ID!) { rotateServiceClientSecret(input: { id: $id }) { secret } }'
const REVOKE = 'mutation ($id: ID!) { revokeServiceClient(input: { id: $id }) { serviceClient { revokedAt } } }'
const LIST = 'query ($id: ID!) { organization(id: $id) { serviceClients { id name lastUsedAt } } }'

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
    expect(decodeJwt(body.access_token)).toMatchObject({ org: DEMO.agencyId, orgs: [DEMO.agencyId, DEMO.clientId] })
  })

  it('changes its secret, after which the old one is refused', async () => {
    const { made } = await create({})
    const { id, clientId } = made.serviceClient
    const { data } = await auth.graphql(ROTATE, { id }, owner)
    expect((await tokenFor(clientId, made.secret)).status).toBe(401)
    expect((await tokenFor(clientId, data.rotateServiceClientSecret.secret)).status).toBe(200)
  })

  it('gets no token once it is revoked, and leaves the list', async () => {
    const { made } = await create({})
    const { id, clientId } = made.serviceClient
    expect((await auth.graphql(REVOKE, { id }, owner)).data.revokeServiceClient.serviceClient.revokedAt).not.toBeNull()
    expect((await tokenFor(clientId, made.secret)).status).toBe(401)
    expect((await listed()).map((client) => client.id)).not.toContain(id)
    expect((await auth.graphql(REVOKE, { id }, owner)).errors[0]?.extensions.code).toBe('NOT_FOUND')
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
