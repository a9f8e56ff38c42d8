import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { DEMO } from '@signalbox/shared/demo'
import { encodeOrganizations } from '@signalbox/shared/organization-list'
import { createLocalJWKSet, decodeJwt, jwtVerify, type JSONWebKeySet } from 'jose'
import { Application, CALLBACK } from '../testing/application.ts'
import { AuthFixture, type Json } from '../testing/auth-fixture.ts'
import { addNeighbour, NEIGHBOUR } from '../testing/neighbours.ts'

const VIEWER = '{ viewer { role scopes actor { ... on User { displayName } } organization { name } } }'

describe('an application that a person signs in to', () => {
  let auth: AuthFixture
  let atlas: Application
  beforeAll(async () => {
    auth = await AuthFixture.start()
    atlas = await Application.register(auth, DEMO.users.owner)
  })
  afterAll(() => auth[Symbol.asyncDispose]())

  const viewer = async (token: string) => auth.graphql(VIEWER, {}, { token })
  const within = async (ms: number, done: () => Promise<boolean>) => {
    const start = Date.now()
    while (!(await done())) expect(Date.now() - start).toBeLessThan(ms)
  }

  it('gets tokens that act for the person, with what was asked for and no more', async () => {
    const back = await atlas.authorize(DEMO.users.owner, { nonce: 'once' })
    expect(`${back.origin}${back.pathname}`).toBe(CALLBACK)
    expect(Object.fromEntries(back.searchParams)).toEqual({
      code: expect.any(String),
      state: 'the state',
      iss: auth.env.ISSUER,
    })
    const { status, headers, body } = await atlas.exchange(back.searchParams.get('code')!)
    expect({ status, body }).toEqual({
      status: 200,
      body: {
        access_token: expect.any(String),
        id_token: expect.any(String),
        refresh_token: expect.any(String),
        token_type: 'Bearer',
        expires_in: 300,
        scope: 'wrm:read kpi:read',
      },
    })
    expect(headers.get('cache-control')).toContain('no-store')
    const jwks = createLocalJWKSet((await (await fetch(`${auth.address}/oidc/jwks`)).json()) as JSONWebKeySet)
    const { payload } = await jwtVerify(body.access_token, jwks, {
      issuer: auth.env.ISSUER,
      audience: auth.env.AUDIENCE,
      typ: 'at+jwt',
    })
    expect(payload).toMatchObject({
      kind: 'USER',
      org: DEMO.clientId,
      orgs: encodeOrganizations([DEMO.clientId]),
      role: 'CLIENT_OWNER',
      scope: 'wrm:read kpi:read',
      client_id: atlas.clientId,
      sid: expect.stringMatching(/^[\da-f-]{36}$/),
    })
    const id = await jwtVerify(body.id_token, jwks, { issuer: auth.env.ISSUER, audience: atlas.clientId })
    expect(id.payload).toMatchObject({ sub: payload.sub, nonce: 'once' })
    expect((await viewer(body.access_token)).data.viewer).toEqual({
      role: 'CLIENT_OWNER',
      scopes: ['kpi:read', 'wrm:read'],
      actor: { displayName: 'Oskar Owner' },
      organization: { name: DEMO.clientName },
    })
  })

  it('learns the person’s name and address where that was asked for', async () => {
    const { id_token } = await atlas.tokensOf(DEMO.users.owner, { scope: 'openid profile email wrm:read' })
    expect(decodeJwt(id_token)).toMatchObject({ name: 'Oskar Owner', email: DEMO.users.owner, email_verified: true })
  })

  it('of one client opens no other organisation to it, not even by an administrator of the agency', async () => {
    const { access_token } = await atlas.tokensOf(DEMO.users.admin)
    expect(decodeJwt(access_token)).toMatchObject({
      role: 'AGENCY_ADMIN',
      org: DEMO.clientId,
      orgs: encodeOrganizations([DEMO.clientId]),
    })
  })

  it('has no say in how and where the person signs in, whatever its scopes', async () => {
    const desk = await Application.register(auth, DEMO.users.admin, { name: 'Agency desk', scopes: ['kpi:read', 'org:admin'] })
    const { access_token: token } = await desk.tokensOf(DEMO.users.admin, { scope: 'kpi:read org:admin' })
    const refused = [{ extensions: { code: 'FORBIDDEN' } }]
    for (const mutation of [
      'requestPhoneCode(input: { phone: "+41791234567" }) { challengeId }',
      'confirmPhone(input: { challengeId: "0190a000-0000-7000-8000-00000000ffff", code: "123456" }) { user { id } }',
      'removePhone { user { id } }',
      'endOtherSessions { ended }',
      'endSession(input: { id: "0190a000-0000-7000-8000-00000000ffff" }) { id }',
      'signOut(input: { everywhere: true }) { everywhere }',
      'acceptInvitation(input: { id: "0190a000-0000-7000-8000-00000000ffff" }) { organization { id } }',
    ]) {
      const { errors, session } = await auth.graphql(`mutation { ${mutation} }`, {}, { token })
      expect({ mutation, errors, session }).toMatchObject({ errors: refused, session: null })
    }
    const { data } = await auth.graphql('{ viewer { sessions { id } } }', {}, { token })
    expect(data.viewer.sessions).toEqual([])
  })

  it('of one client is not told of the person’s other organisations', async () => {
    const { access_token: token } = await atlas.tokensOf(DEMO.users.admin)
    const { data } = await auth.graphql('{ organizations { name } }', {}, { token })
    expect(data.organizations).toEqual([{ name: DEMO.clientName }])
  })

  it('may end its own session', async () => {
    const { access_token: token } = await atlas.tokensOf(DEMO.users.owner)
    expect(
      (await auth.graphql('mutation { signOut(input: { everywhere: false }) { everywhere } }', {}, { token })).errors,
    ).toEqual([])
    await within(1_000, async () => (await viewer(token)).status === 401)
  })

  it('of an agency asks the person in which organisation to act', async () => {
    const agencys = await Application.register(auth, DEMO.users.admin, { name: 'Agency desk', scopes: ['wrm:read'] })
    const browser = await agencys.signIn(DEMO.users.admin, { scope: 'wrm:read' })
    expect(browser.text).toContain('In which organisation?')
    expect(browser.fields['organization']).toBe(DEMO.agencyId)
    await browser.press('allow', { organization: '0190a000-0000-7000-8000-00000000ffff' })
    expect({ status: browser.status, text: browser.text }).toMatchObject({
      status: 400,
      text: expect.stringContaining('Choose one'),
    })
    const back = await browser.press('allow', { organization: DEMO.clientId })
    const { body } = await agencys.exchange(back.searchParams.get('code')!)
    expect(decodeJwt(body.access_token)).toMatchObject({ org: DEMO.clientId, role: 'AGENCY_ADMIN' })
  })

  it('of somebody else’s organisation gets nothing', async () => {
    const agencys = await Application.register(auth, DEMO.users.admin, { name: 'Agency desk' })
    await addNeighbour(auth)
    const browser = await agencys.signIn(NEIGHBOUR.admin)
    expect(browser.text).toContain('This is not for your account')
  })

  it('gets no right that the person’s role lacks, and says on the page what remains', async () => {
    const browser = await atlas.signIn(DEMO.users.viewer, { scope: 'wrm:read wrm:write' })
    expect(browser.text).toContain('see workflows and their runs')
    expect(browser.text).not.toContain('start, retry and cancel')
    const code = (await browser.press('allow')).searchParams.get('code')!
    const { body } = await atlas.exchange(code)
    expect(body.scope).toBe('wrm:read')
    expect(decodeJwt(body.access_token)['scope']).toBe('wrm:read')
  })

  it('gets nothing when the role has nothing of it', async () => {
    const browser = await atlas.signIn(DEMO.users.viewer, { scope: 'wrm:write' })
    expect(browser.text).toContain('Your role does not include what Atlas asks for')
    expect(browser.text).not.toContain('Do not allow')
    await browser.press('allow')
    expect(browser.url.href).toContain('/oidc/interaction/')
    const back = await browser.press('deny')
    expect(Object.fromEntries(back.searchParams)).toMatchObject({ error: 'access_denied', state: 'the state' })
  })

  it('is told that the person did not allow it', async () => {
    const browser = await atlas.signIn(DEMO.users.owner)
    const back = await browser.press('deny')
    expect(`${back.origin}${back.pathname}`).toBe(CALLBACK)
    expect(Object.fromEntries(back.searchParams)).toEqual({
      error: 'access_denied',
      error_description: 'The person did not allow it.',
      state: 'the state',
      iss: auth.env.ISSUER,
    })
  })

  it('is told that the person did not sign in', async () => {
    const { browser } = atlas
    await browser.open(atlas.request())
    expect((await browser.press('cancel')).searchParams.get('error')).toBe('access_denied')
  })

  it('may run in a browser under the addresses that it named, and nowhere else', async () => {
    const allowed = async (origin: string) => {
      const code = (await atlas.authorize(DEMO.users.owner)).searchParams.get('code')!
      const { headers } = await atlas.exchange(code, {}, { origin })
      return headers.get('access-control-allow-origin')
    }
    expect(await allowed('https://app.example.com')).toBe('https://app.example.com')
    expect(await allowed('https://evil.example')).toBeNull()
  })

  describe('renews its tokens', () => {
    it('once by each refresh token; a reused one ends the consent and its access tokens', async () => {
      const first = await atlas.tokensOf(DEMO.users.owner)
      const { body: second } = await atlas.refresh(first.refresh_token)
      expect(second).toMatchObject({ token_type: 'Bearer', expires_in: 300, scope: 'wrm:read kpi:read' })
      expect(second.refresh_token).not.toBe(first.refresh_token)
      expect((await viewer(second.access_token)).status).toBe(200)
      const reused = await atlas.refresh(first.refresh_token)
      expect(reused).toMatchObject({
        status: 400,
        body: {
          error: 'invalid_grant',
          errors: [{ message: expect.any(String), extensions: { code: 'BAD_USER_INPUT', error: 'invalid_grant' } }],
        },
      })
      expect(await atlas.refresh(second.refresh_token)).toMatchObject({ status: 400, body: { error: 'invalid_grant' } })
      await within(10_000, async () => (await viewer(second.access_token)).status === 401)
    })

    it('once when many ask at once with the same refresh token', async () => {
      const { refresh_token } = await atlas.tokensOf(DEMO.users.owner)
      const answers = await Promise.all(Array.from({ length: 8 }, () => atlas.refresh(refresh_token)))
      expect(answers.filter(({ status }) => status === 200).length).toBeLessThanOrEqual(1)
      expect(answers.filter(({ status }) => status === 400).length).toBeGreaterThanOrEqual(7)
    })

    it('with the rights as they are now, and not at all for a member who was removed', async () => {
      const tokens = await atlas.tokensOf(DEMO.users.reviewer, { scope: 'wrm:read kpi:read' })
      const membership = `(select id from auth.users where email = '${DEMO.users.reviewer}')`
      await auth.superuser.query(`update auth.memberships set role = 'CLIENT_VIEWER' where user_id = ${membership}`)
      const { body } = await atlas.refresh(tokens.refresh_token)
      expect(decodeJwt(body.access_token)).toMatchObject({ role: 'CLIENT_VIEWER', scope: 'wrm:read kpi:read' })
      await auth.superuser.query(`update auth.memberships set ended_at = now() where user_id = ${membership}`)
      expect(await atlas.refresh(body.refresh_token)).toMatchObject({ status: 400, body: { error: 'invalid_grant' } })
      await auth.superuser.query(
        `update auth.memberships set ended_at = null, role = 'CLIENT_REVIEWER' where user_id = ${membership}`,
      )
    })

    it('never with more than was consented to', async () => {
      const { refresh_token } = await atlas.tokensOf(DEMO.users.owner, { scope: 'wrm:read' })
      expect(await atlas.refresh(refresh_token, { scope: 'wrm:read wrm:write' })).toMatchObject({
        status: 400,
        body: { error: 'invalid_scope', errors: [{ extensions: { error: 'invalid_scope' } }] },
      })
      expect((await atlas.refresh(refresh_token, { scope: 'wrm:read' })).status).toBe(200)
    })

    it('not by a refresh token of another application', async () => {
      const other = await Application.register(auth, DEMO.users.owner, { name: 'Other' })
      const { refresh_token } = await atlas.tokensOf(DEMO.users.owner)
      expect(await other.refresh(refresh_token)).toMatchObject({ status: 400, body: { error: 'invalid_grant' } })
    })
  })

  describe('ends', () => {
    const SESSIONS = '{ viewer { sessions { id userAgent } } }'

    it('when the person signs it out, among the other sessions', async () => {
      const { access_token, refresh_token } = await atlas.tokensOf(DEMO.users.owner)
      const { sid } = decodeJwt(access_token) as { sid: string }
      const owner = await auth.tokenOf(DEMO.users.owner)
      const listed = (await auth.graphql(SESSIONS, {}, owner)).data.viewer.sessions as Json[]
      expect(listed).toContainEqual({ id: sid, userAgent: 'Atlas' })
      const end = 'mutation ($id: ID!) { endSession(input: { id: $id }) { __typename } }'
      expect((await auth.graphql(end, { id: sid }, owner)).errors).toEqual([])
      await within(10_000, async () => (await viewer(access_token)).status === 401)
      expect(await atlas.refresh(refresh_token)).toMatchObject({ status: 400, body: { error: 'invalid_grant' } })
    })

    it('with the service client that it is', async () => {
      const brief = await Application.register(auth, DEMO.users.owner, { name: 'Brief' })
      const { access_token, refresh_token } = await brief.tokensOf(DEMO.users.owner)
      const revoke = 'mutation ($id: ID!) { revokeServiceClient(input: { id: $id }) { serviceClient { status } } }'
      const { data } = await auth.graphql(revoke, { id: brief.id }, await auth.tokenOf(DEMO.users.owner))
      expect(data.revokeServiceClient.serviceClient.status).toBe('REVOKED')
      await within(10_000, async () => (await viewer(access_token)).status === 401)
      expect(await brief.refresh(refresh_token)).toMatchObject({ status: 401, body: { error: 'invalid_client' } })
      const { browser } = brief
      await browser.open(brief.request())
      expect({ status: browser.status, visited: browser.visited.length }).toEqual({ status: 400, visited: 1 })
    })
  })
})
