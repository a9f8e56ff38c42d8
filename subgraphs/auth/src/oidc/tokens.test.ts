import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { DEMO } from '@signalbox/shared/demo'
import { decodeJwt } from 'jose'
import { Application } from '../testing/application.ts'
import { AuthFixture, CLI_SECRET, type Json } from '../testing/auth-fixture.ts'
import { addNeighbour, NEIGHBOUR } from '../testing/neighbours.ts'

const CREATE = `mutation ($input: CreateServiceClientInput!) {
  createServiceClient(input: $input) { secret serviceClient { id clientId } }
}`
const CLI = { client_id: DEMO.cliClientId, client_secret: CLI_SECRET }

describe('tokens of the OpenID provider', () => {
  let auth: AuthFixture
  let atlas: Application
  beforeAll(async () => {
    auth = await AuthFixture.start({ env: { CODE_SENDS_PER_HOUR: '1000', CODE_SENDS_PER_CLIENT: '1000' } })
    atlas = await Application.register(auth, DEMO.users.owner)
  })
  afterAll(() => auth[Symbol.asyncDispose]())

  const codeOf = async (changes = {}) => (await atlas.authorize(DEMO.users.owner, changes)).searchParams.get('code')!
  const status = async (token: string) => (await auth.graphql('{ viewer { role } }', {}, { token })).status
  const refusedSoon = async (token: string) => {
    const start = Date.now()
    while ((await status(token)) !== 401) expect(Date.now() - start).toBeLessThan(10_000)
  }
  const post = async (
    path: string,
    form: Record<string, string>,
    headers: Record<string, string> = {},
  ): Promise<{ status: number; headers: Headers; body: Json }> => {
    const response = await fetch(`${auth.address}/oidc${path}`, { method: 'POST', body: new URLSearchParams(form), headers })
    const text = await response.text()
    return { status: response.status, headers: response.headers, body: text === '' ? '' : JSON.parse(text) }
  }
  const introspect = (token: string, client: Record<string, string> = CLI) => post('/token/introspection', { token, ...client })
  const revoke = (token: string, client: Record<string, string>) => post('/token/revocation', { token, ...client })
  const cliToken = async () => (await auth.post({ grant_type: 'client_credentials', ...CLI })).body.access_token as string

  describe('a code', () => {
    it('that is used twice gives nothing the second time, and ends what the first use gave', async () => {
      const code = await codeOf()
      const { body } = await atlas.exchange(code)
      expect(await status(body.access_token)).toBe(200)
      expect(await atlas.exchange(code)).toMatchObject({ status: 400, body: { error: 'invalid_grant' } })
      await refusedSoon(body.access_token)
      expect(await atlas.refresh(body.refresh_token)).toMatchObject({ status: 400, body: { error: 'invalid_grant' } })
    })

    it('that many use at once gives tokens once at most', async () => {
      const code = await codeOf()
      const answers = await Promise.all(Array.from({ length: 8 }, () => atlas.exchange(code)))
      expect(answers.filter((answer) => answer.status === 200).length).toBeLessThanOrEqual(1)
    })

    it.each<[string, Record<string, string>]>([
      ['with another verifier', { code_verifier: 'b'.repeat(43) }],
      ['without a verifier', { code_verifier: '' }],
      ['with another redirect address', { redirect_uri: 'https://app.example.com/other' }],
      ['with a made-up code', { code: 'x'.repeat(43) }],
    ])('is refused %s, in the standard shape and with errors[]', async (_name, changes) => {
      const { status: code, body, headers } = await atlas.exchange(await codeOf(), changes)
      expect({ code, body }).toEqual({
        code: 400,
        body: {
          error: 'invalid_grant',
          error_description: 'grant request is invalid',
          errors: [{ message: 'grant request is invalid', extensions: { code: 'BAD_USER_INPUT', error: 'invalid_grant' } }],
        },
      })
      expect(headers.get('content-type')).toMatch(/^application\/json/)
    })

    it('is refused with a verifier that is too short to be one', async () => {
      const answer = await atlas.exchange(await codeOf(), { code_verifier: 'short' })
      expect(answer).toMatchObject({
        status: 400,
        body: { error: 'invalid_request', errors: [{ extensions: { error: 'invalid_request' } }] },
      })
    })

    it('is refused to another application', async () => {
      const other = await Application.register(auth, DEMO.users.owner, { name: 'Other' })
      const answer = await other.exchange(await codeOf(), { code_verifier: atlas.verifier })
      expect(answer).toMatchObject({ status: 400, body: { error: 'invalid_grant' } })
    })

    it('is refused after a minute', async () => {
      const code = await codeOf()
      const { rowCount } = await auth.superuser.query(
        `update auth.oidc_payloads set payload = payload || '{"exp": 1}' where model = 'AuthorizationCode' and not payload ? 'consumed'`,
      )
      expect(rowCount).toBeGreaterThan(0)
      expect(await atlas.exchange(code)).toMatchObject({ status: 400, body: { error: 'invalid_grant' } })
    })

    it.each([
      ['no redirect address', 'redirect_uri'],
      ['no code', 'code'],
    ])('needs its parameters: %s', async (_name, name) => {
      const form = {
        grant_type: 'authorization_code',
        client_id: atlas.clientId,
        code_verifier: atlas.verifier,
        code: 'x',
        redirect_uri: 'y',
      }
      const { [name as keyof typeof form]: _, ...rest } = form
      const message = `missing required parameter(s) '${name}'`
      const { status: code, body } = await auth.post(rest)
      expect({ code, error: body.error, errors: body.errors }).toEqual({
        code: 400,
        error: 'invalid_request',
        errors: [{ message: expect.stringContaining(name), extensions: { code: 'BAD_USER_INPUT', error: 'invalid_request' } }],
      })
      expect(body.error_description).toContain(message.split(' ')[0])
    })
  })

  it('are stored as keyed hashes only', async () => {
    const code = await codeOf()
    const { refresh_token } = (await atlas.exchange(code)).body
    const { rows } = await auth.superuser.query('select oidc_payloads::text as row from auth.oidc_payloads')
    const all = rows.map(({ row }) => row as string).join()
    for (const secret of [code, refresh_token]) expect(all).not.toContain(secret)
    expect(all).toContain(atlas.clientId)
  })

  describe('introspection', () => {
    it('tells a client with a secret what an access token of its organisation is good for', async () => {
      const { access_token } = await atlas.tokensOf(DEMO.users.owner)
      const claims = decodeJwt(access_token)
      expect(await introspect(access_token)).toMatchObject({ status: 200 })
      expect((await introspect(access_token)).body).toEqual({
        active: true,
        token_type: 'Bearer',
        client_id: atlas.clientId,
        scope: 'wrm:read kpi:read',
        iss: auth.env.ISSUER,
        aud: auth.env.AUDIENCE,
        sub: claims.sub,
        jti: claims.jti,
        exp: claims.exp,
        iat: Math.floor(claims.iat!),
        org: DEMO.clientId,
        orgs: [DEMO.clientId],
        kind: 'USER',
        role: 'CLIENT_OWNER',
      })
      expect((await introspect(await cliToken())).body).toMatchObject({ active: true, kind: 'SERVICE_CLIENT' })
      expect((await introspect((await auth.tokenOf(DEMO.users.owner)).token)).body).toMatchObject({ active: true })
    })

    it('tells of refresh tokens too', async () => {
      const { refresh_token } = await atlas.tokensOf(DEMO.users.owner)
      expect((await introspect(refresh_token)).body).toMatchObject({ active: true, client_id: atlas.clientId })
      await atlas.refresh(refresh_token)
      expect((await introspect('x'.repeat(43))).body).toEqual({ active: false })
    })

    it('tells nothing of another organisation’s tokens', async () => {
      await addNeighbour(auth)
      const input = { name: 'Nosy', scopes: ['wrm:read'] }
      const { data } = await auth.graphql(CREATE, { input }, await auth.tokenOf(NEIGHBOUR.admin))
      const { secret, serviceClient } = data.createServiceClient
      const nosy = { client_id: serviceClient.clientId, client_secret: secret }
      const { access_token, refresh_token } = await atlas.tokensOf(DEMO.users.owner)
      for (const token of [access_token, refresh_token]) expect((await introspect(token, nosy)).body).toEqual({ active: false })
    })

    it.each([
      ['nonsense', async () => 'a.b.c'],
      ['a token that was changed', async () => `${(await cliToken()).slice(0, -4)}AAAA`],
    ])('calls %s inactive', async (_name, tokenOf) => {
      expect((await introspect(await tokenOf())).body).toEqual({ active: false })
    })

    it('is not for public clients, nor for nobody', async () => {
      const { access_token, refresh_token } = await atlas.tokensOf(DEMO.users.owner)
      for (const token of [access_token, refresh_token]) {
        expect(await introspect(token, { client_id: atlas.clientId })).toMatchObject({
          status: 401,
          body: { error: 'invalid_client', errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] },
        })
      }
      expect(await introspect(access_token, {})).toMatchObject({ status: 400, body: { error: 'invalid_request' } })
      expect((await introspect(access_token, { ...CLI, client_secret: 'wrong' })).status).toBe(401)
    })
  })

  describe('revocation', () => {
    it('of a refresh token ends the consent, with its access tokens within a second', async () => {
      const { access_token, refresh_token } = await atlas.tokensOf(DEMO.users.owner)
      expect(await revoke(refresh_token, { client_id: atlas.clientId })).toMatchObject({ status: 200, body: '' })
      await refusedSoon(access_token)
      expect((await introspect(access_token)).body).toEqual({ active: false })
      expect(await atlas.refresh(refresh_token)).toMatchObject({ status: 400, body: { error: 'invalid_grant' } })
    })

    it('of a person’s access token ends the consent as well', async () => {
      const { access_token, refresh_token } = await atlas.tokensOf(DEMO.users.owner)
      expect(await revoke(access_token, { client_id: atlas.clientId })).toMatchObject({ status: 200, body: '' })
      await refusedSoon(access_token)
      expect(await atlas.refresh(refresh_token)).toMatchObject({ status: 400, body: { error: 'invalid_grant' } })
    })

    it('of a service client’s token ends that one', async () => {
      const [one, other] = [await cliToken(), await cliToken()]
      expect((await revoke(one, CLI)).status).toBe(200)
      await refusedSoon(one)
      expect(await status(other)).toBe(200)
    })

    it('of somebody else’s token, or of none, changes nothing and tells nothing', async () => {
      const { access_token, refresh_token } = await atlas.tokensOf(DEMO.users.owner)
      for (const token of [access_token, refresh_token, 'x'.repeat(43), 'a.b.c']) {
        expect(await revoke(token, CLI)).toMatchObject({ status: 200, body: '' })
      }
      expect(await status(access_token)).toBe(200)
      expect((await atlas.refresh(refresh_token)).status).toBe(200)
    })
  })

  it('are audited: what was given, what was refused and why, and never a secret', async () => {
    const { refresh_token } = await atlas.tokensOf(DEMO.users.owner)
    await atlas.refresh(refresh_token)
    await atlas.refresh(refresh_token)
    await auth.post({ grant_type: 'client_credentials', ...CLI, client_secret: 'a wrong secret' })
    const { rows } = await auth.superuser.query(
      `select payload, organization_id from events.outbox where type = 'audit.recorded' order by id desc limit 6`,
    )
    const entries = rows.reverse().map(({ payload, organization_id }) => ({ ...payload, organization_id }))
    const own = { organization_id: DEMO.clientId }
    expect(entries).toMatchObject([
      { action: 'sign_in.succeeded', outcome: 'ALLOWED', actor: { kind: 'USER' }, ...own },
      { action: 'consent.granted', outcome: 'ALLOWED', target: { type: 'ServiceClient', id: atlas.id }, ...own },
      {
        action: 'token.issued',
        actor: { kind: 'USER' },
        details: { grant: 'authorization_code', scope: 'wrm:read kpi:read' },
        ...own,
      },
      { action: 'token.issued', actor: { kind: 'USER' }, details: { grant: 'refresh_token' }, operation: 'oidc.token', ...own },
      {
        action: 'refresh.reused',
        outcome: 'DENIED',
        details: { error: 'invalid_grant', reason: 'refresh token already used' },
        ...own,
      },
      {
        action: 'token.refused',
        outcome: 'DENIED',
        details: { error: 'invalid_client', reason: 'invalid secret provided' },
        ...own,
      },
    ])
    expect(JSON.stringify(entries)).not.toMatch(new RegExp(`a wrong secret|${refresh_token}|@`))
  })

  it('are asked for with wrong secrets ten times a minute at most, from one address for one client', async () => {
    const basic = (secret: string) => ({ authorization: `Basic ${Buffer.from(`guessed:${secret}`).toString('base64')}` })
    const guess = (from: string) => auth.post({ grant_type: 'client_credentials' }, { ...basic('x'), 'x-forwarded-for': from })
    const answers = []
    for (let index = 0; index < 12; index++) answers.push(await guess('203.0.113.7'))
    const limited = answers.filter((answer) => answer.status === 429)
    expect(limited).toHaveLength(2)
    for (const { body, headers } of limited) {
      expect(body).toMatchObject({
        error: 'too_many_requests',
        errors: [{ extensions: { code: 'RATE_LIMITED', retryAfterSeconds: Number(headers.get('retry-after')) } }],
      })
    }
    expect((await guess('203.0.113.8')).status).toBe(401)
    expect((await auth.post({ grant_type: 'client_credentials', ...CLI }, { 'x-forwarded-for': '203.0.113.7' })).status).toBe(200)
  })
})
