import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { DEMO } from '@signalbox/shared/demo'
import { encodeOrganizations } from '@signalbox/shared/organization-list'
import { createLocalJWKSet, generateKeyPair, jwtVerify, SignJWT, UnsecuredJWT, type JSONWebKeySet } from 'jose'
import { request } from 'node:http'
import { AuthFixture, CLI_SECRET, type Json } from '../testing/auth-fixture.ts'

const GRANT = { grant_type: 'client_credentials' }
const BODY = { client_id: DEMO.cliClientId, client_secret: CLI_SECRET }
const basic = (id: string, secret: string) => ({ authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}` })
const VIEWER =
  '{ viewer { role scopes actor { __typename ... on ServiceClient { clientId } } organization { name } sessions { id } } }'

describe('the OpenID provider', () => {
  let auth: AuthFixture
  beforeAll(async () => {
    auth = await AuthFixture.start()
  })
  afterAll(() => auth[Symbol.asyncDispose]())

  const get = async (path: string, host?: string): Promise<Json> => {
    const headers = host === undefined ? {} : { host, 'x-forwarded-host': host, 'x-forwarded-proto': 'gopher' }
    return new Promise((resolve, reject) => {
      const call = request(`${auth.address}${path}`, { headers }, (response) => {
        let text = ''
        response.on('data', (chunk: Buffer) => (text += chunk.toString()))
        response.on('end', () => resolve(JSON.parse(text)))
      })
      call.on('error', reject).end()
    })
  }

  it('says where it is by ISSUER, whatever the request’s host says', async () => {
    for (const path of [
      '/oidc/.well-known/openid-configuration',
      '/.well-known/oauth-authorization-server/oidc',
      '/.well-known/openid-configuration',
    ]) {
      const document = await get(path, 'evil.example')
      expect(document).toMatchObject({
        issuer: 'http://signalbox.example:4000/oidc',
        token_endpoint: 'http://signalbox.example:4000/oidc/token',
        jwks_uri: 'http://signalbox.example:4000/oidc/jwks',
      })
      expect(JSON.stringify(document)).not.toContain('evil')
    }
  })

  it('publishes the public part of its key only', async () => {
    const { keys } = await get('/oidc/jwks')
    expect(keys).toEqual([
      expect.objectContaining({ kty: 'EC', crv: 'P-256', alg: 'ES256', use: 'sig', kid: expect.any(String) }),
    ])
    expect(keys[0]).not.toHaveProperty('d')
  })

  it.each([
    ['HTTP Basic', {}, basic(DEMO.cliClientId, CLI_SECRET)],
    ['HTTP Basic, with a scope that is empty', { scope: '' }, basic(DEMO.cliClientId, CLI_SECRET)],
    ['the body', BODY, {}],
    ['the body, with the resource named', { ...BODY, resource: 'urn:signalbox:api' }, {}],
  ])('gives a service client its token by %s', async (_name, form, headers) => {
    const { status, body } = await auth.post({ ...GRANT, ...form }, headers)
    expect({ status, body }).toMatchObject({ status: 200, body: { token_type: 'Bearer', expires_in: 300 } })
    const jwks = createLocalJWKSet((await get('/oidc/jwks')) as JSONWebKeySet)
    const { payload, protectedHeader } = await jwtVerify(body.access_token, jwks, {
      issuer: auth.env.ISSUER,
      audience: auth.env.AUDIENCE,
      typ: 'at+jwt',
    })
    expect(protectedHeader.alg).toBe('ES256')
    expect(payload).toMatchObject({
      org: DEMO.clientId,
      orgs: encodeOrganizations([DEMO.clientId]),
      kind: 'SERVICE_CLIENT',
      client_id: DEMO.cliClientId,
      scope: 'wrm:read wrm:write hitl:decide kb:read kb:write kpi:read telemetry:read audit:read',
    })
    // `iat` has fractions, `exp` has none.
    expect(Math.ceil(payload.exp! - payload.iat!)).toBe(300)
    const { data } = await auth.graphql(VIEWER, {}, { token: body.access_token })
    expect(data.viewer).toEqual({
      role: null,
      scopes: ['audit:read', 'hitl:decide', 'kb:read', 'kb:write', 'kpi:read', 'telemetry:read', 'wrm:read', 'wrm:write'],
      actor: { __typename: 'ServiceClient', clientId: DEMO.cliClientId },
      organization: { name: DEMO.clientName },
      sessions: [],
    })
  })

  it('narrows a token to the scopes that are asked for', async () => {
    const { body } = await auth.post({ ...GRANT, ...BODY, scope: 'wrm:read' })
    expect(body.scope).toBe('wrm:read')
    expect((await auth.graphql(VIEWER, {}, { token: body.access_token })).data.viewer.scopes).toEqual(['wrm:read'])
  })

  it.each([
    ['a wrong secret', 401, 'invalid_client', { ...BODY, client_secret: 'wrong' }, {}],
    ['a wrong secret by Basic', 401, 'invalid_client', {}, basic(DEMO.cliClientId, 'wrong')],
    ['the stored hash', 401, 'invalid_client', { ...BODY, client_secret: 'HASH' }, {}],
    ['an unknown client', 401, 'invalid_client', { ...BODY, client_id: 'nobody' }, {}],
    ['a client id with a zero byte', 401, 'invalid_client', { ...BODY, client_id: 'a\0b' }, {}],
    ['a client id with a zero byte by Basic', 400, 'invalid_request', {}, basic('a%00b', 'x')],
    ['a raw zero byte by Basic', 400, 'invalid_request', {}, basic('a\0b', 'x')],
    ['a scope that is not the client’s', 400, 'invalid_scope', { ...BODY, scope: 'org:admin' }, {}],
    ['another resource', 400, 'invalid_target', { ...BODY, resource: 'https://other.example' }, {}],
    ['another grant', 400, 'unsupported_grant_type', { ...BODY, grant_type: 'password', username: 'x', password: 'x' }, {}],
    ['a browser’s form', 401, 'invalid_client', { ...BODY, client_secret: 'wrong' }, { accept: 'text/html' }],
    ['no client', 400, 'invalid_request', {}, {}],
  ])('refuses %s, in the standard shape and with errors[]', async (_name, status, error, form, headers) => {
    const { rows } = await auth.superuser.query('select hash from auth.service_client_secrets where hint = $1', ['here'])
    const hash = (rows[0].hash as Buffer).toString('hex')
    const filled = Object.fromEntries(
      Object.entries({ ...GRANT, ...form }).map(([name, value]) => [name, value === 'HASH' ? hash : value]),
    )
    const answer = await auth.post(filled, headers)
    expect(answer).toMatchObject({ status, body: { error, errors: [{ message: expect.any(String), extensions: { error } }] } })
    expect(answer.headers.get('content-type')).toMatch(/^application\/json/)
  })

  it('answers what it does not serve with JSON and errors[]', async () => {
    for (const path of ['/oidc/nowhere', '/oidc', '/.well-known/nowhere', '/nowhere']) {
      const response = await fetch(`${auth.address}${path}`, { headers: { accept: 'application/json' } })
      expect(response.status).toBe(404)
      expect(await response.json()).toMatchObject({ errors: [{ message: expect.any(String) }] })
    }
  })

  it('keeps its signing key encrypted, and the same for sessions and service clients', async () => {
    const { rows } = await auth.superuser.query('select kid, private_key, public_jwk from auth.signing_keys')
    expect(rows).toHaveLength(1)
    expect((rows[0].private_key as Buffer).toString('latin1')).not.toContain('"d"')
    const { token } = await auth.tokenOf(DEMO.users.owner)
    expect(JSON.parse(Buffer.from(token.split('.')[0]!, 'base64url').toString()).kid).toBe(rows[0].kid)
  })

  describe('an access token that is not ours', () => {
    const claims = { org: DEMO.clientId, orgs: [DEMO.clientId], scope: 'org:admin', kind: 'USER' }
    const unsigned = (audience = 'urn:signalbox:api', exp = '5m') =>
      new SignJWT(claims)
        .setIssuer('http://signalbox.example:4000/oidc')
        .setAudience(audience)
        .setSubject('0190a000-0000-7000-8000-00000000ffff')
        .setIssuedAt()
        .setExpirationTime(exp)
    const ownKey = async () => (await auth.superuser.query('select kid from auth.signing_keys')).rows[0].kid as string
    /** Signed by the service's own key: only what is wrong with the claims can be the reason. */
    const genuine = async (audience?: string, exp?: string, typ = 'at+jwt') => {
      const { SigningKeys } = await import('../keys/signing-keys.ts')
      const { Secrets } = await import('../keys/secrets.ts')
      const { createAuthOrm } = await import('../orm.ts')
      const orm = await createAuthOrm(auth.env.DATABASE_URL)
      const { privateKey, kid } = await new SigningKeys(orm, new Secrets(auth.env.AUTH_SECRET)).active()
      await orm.close()
      return unsigned(audience, exp).setProtectedHeader({ alg: 'ES256', typ, kid }).sign(privateKey)
    }
    const forgeries: [string, () => Promise<string>][] = [
      [
        'forged with another key',
        async () => {
          const { privateKey } = await generateKeyPair('ES256')
          return unsigned()
            .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid: await ownKey() })
            .sign(privateKey)
        },
      ],
      [
        'signed with a shared secret',
        async () =>
          unsigned()
            .setProtectedHeader({ alg: 'HS256', typ: 'at+jwt', kid: await ownKey() })
            .sign(Buffer.alloc(32)),
      ],
      [
        'not signed at all',
        async () => new UnsecuredJWT(claims).setIssuer(auth.env.ISSUER).setAudience(auth.env.AUDIENCE).encode(),
      ],
      ['expired', () => genuine(undefined, '1 second ago')],
      ['meant for another audience', () => genuine('urn:other:api')],
      ['of another type', () => genuine(undefined, undefined, 'JWT')],
      ['nonsense', async () => 'a.b.c'],
    ]

    it.each(forgeries)('is refused when it is %s', async (_name, forge) => {
      const answer = await auth.graphql('{ viewer { role } }', {}, { token: await forge() })
      expect(answer.status).toBe(401)
      expect(answer.errors[0]?.extensions.code).toBe('UNAUTHENTICATED')
    })

    it('is refused for what is said to be wrong and nothing else: the same token, right, passes the check', async () => {
      const answer = await auth.graphql('{ viewer { role } }', {}, { token: await genuine() })
      expect(answer).toMatchObject({ status: 200, errors: [] })
    })
  })
})
