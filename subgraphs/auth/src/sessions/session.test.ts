import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { DEMO } from '@signalbox/shared/demo'
import { encodeOrganizations } from '@signalbox/shared/organization-list'
import { decodeJwt, decodeProtectedHeader } from 'jose'
import { AuthFixture, CLI_SECRET } from '../testing/auth-fixture.ts'

const REFRESH = 'mutation { refreshSession { viewer { role organization { id } } } }'
const SWITCH =
  'mutation ($id: ID!) { switchOrganization(input: { organizationId: $id }) { viewer { role organization { id name } } } }'
const SIGN_OUT = 'mutation ($everywhere: Boolean!) { signOut(input: { everywhere: $everywhere }) { everywhere } }'
const SESSIONS = '{ viewer { sessions { id current createdAt lastUsedAt expiresAt idleExpiresAt userAgent address } } }'
const END = 'mutation ($id: ID!) { endSession(input: { id: $id }) { id } }'
const WHO = '{ viewer { role } }'
const SESSION_OVER = { message: 'Your session is over. Sign in again.', extensions: { code: 'UNAUTHENTICATED' } }

describe('a session', () => {
  let auth: AuthFixture
  beforeAll(async () => {
    auth = await AuthFixture.start()
  })
  afterAll(() => auth[Symbol.asyncDispose]())

  const open = async (address: string) => {
    const { accessToken: token, refreshToken: refresh, ...times } = await auth.signIn(address)
    return { token, refresh, ...times }
  }
  /** As soon as the revocation is here: within a second. */
  const refused = async (token: string) => {
    for (const deadline = Date.now() + 1_000; Date.now() < deadline;) {
      const { status, errors } = await auth.graphql(WHO, {}, { token })
      if (status === 200) continue
      expect({ status, errors }).toMatchObject({
        status: 401,
        errors: [{ message: 'The access token is not valid.', extensions: { code: 'UNAUTHENTICATED' } }],
      })
      return
    }
    throw new Error('the token is taken a second after its revocation')
  }
  const trailOf = async (sessionId: string) =>
    (
      await auth.superuser.query(
        `select payload->>'action' as action, payload->>'outcome' as outcome, organization_id as organization from events.outbox
         where type = 'audit.recorded' and payload->'target'->>'id' = $1 order by id`,
        [sessionId],
      )
    ).rows as Record<'action' | 'outcome' | 'organization', string>[]
  const tokensOf = ({ session }: Awaited<ReturnType<AuthFixture['graphql']>>) => {
    if (session === null || session === 'none') throw new Error('no session was handed out')
    return { token: session.accessToken, refresh: session.refreshToken }
  }

  it('hands out an ES256 access token of 5 minutes with the rights of the role', async () => {
    const { token, accessExpiresAt } = await open(DEMO.users.reviewer)
    expect(decodeProtectedHeader(token)).toEqual({ alg: 'ES256', typ: 'at+jwt', kid: expect.any(String) })
    const claims = decodeJwt(token)
    expect(claims).toMatchObject({
      iss: auth.env.ISSUER,
      aud: auth.env.AUDIENCE,
      org: DEMO.clientId,
      orgs: encodeOrganizations([DEMO.clientId]),
      scope: 'wrm:read hitl:decide kb:read kpi:read',
      kind: 'USER',
      role: 'CLIENT_REVIEWER',
      sid: expect.any(String),
      jti: expect.any(String),
    })
    expect(claims.exp! - Math.floor(claims.iat!)).toBe(300)
    expect(Date.parse(accessExpiresAt)).toBe(claims.exp! * 1000)
  })

  it('lets an agency’s member read its clients', async () => {
    const claims = decodeJwt((await open(DEMO.users.admin)).token)
    expect(claims).toMatchObject({
      org: DEMO.agencyId,
      orgs: encodeOrganizations([DEMO.agencyId, DEMO.clientId]),
      role: 'AGENCY_ADMIN',
    })
  })

  it('goes on by its refresh token, which gives the next one', async () => {
    const first = await open(DEMO.users.owner)
    const answer = await auth.graphql(REFRESH, {}, { refresh: first.refresh })
    expect(answer.data.refreshSession.viewer).toEqual({ role: 'CLIENT_OWNER', organization: { id: DEMO.clientId } })
    const second = tokensOf(answer)
    expect(second.refresh).not.toBe(first.refresh)
    expect(decodeJwt(second.token)['sid']).toBe(decodeJwt(first.token)['sid'])
    expect((await auth.graphql(REFRESH, {}, { refresh: second.refresh })).session).not.toBeNull()
  })

  it('is over, with every token of its family, when a refresh token comes a second time', async () => {
    const first = await open(DEMO.users.owner)
    const second = tokensOf(await auth.graphql(REFRESH, {}, { refresh: first.refresh }))
    const other = await open(DEMO.users.owner)
    expect((await auth.graphql(WHO, {}, { token: second.token })).status).toBe(200)

    const again = await auth.graphql(REFRESH, {}, { refresh: first.refresh })
    expect(again).toMatchObject({ status: 401, session: null, errors: [SESSION_OVER] })
    expect(await auth.graphql(REFRESH, {}, { refresh: second.refresh })).toMatchObject({ status: 401, errors: [SESSION_OVER] })
    await refused(second.token)
    await refused(first.token)
    expect((await auth.graphql(WHO, {}, { token: other.token })).status).toBe(200)
    const sid = decodeJwt(first.token)['sid'] as string
    expect(await trailOf(sid)).toEqual([
      { action: 'sign_in.succeeded', outcome: 'ALLOWED', organization: DEMO.clientId },
      { action: 'refresh.reused', outcome: 'DENIED', organization: DEMO.clientId },
    ])
  })

  it('is renewed once by 10 refreshes at once, and over then: one of them may be a thief’s', async () => {
    const { refresh, token } = await open(DEMO.users.owner)
    const answers = await Promise.all(Array.from({ length: 10 }, () => auth.graphql(REFRESH, {}, { refresh })))
    const renewed = answers.filter(({ session }) => session !== null)
    expect(renewed).toHaveLength(1)
    expect((await auth.graphql(REFRESH, {}, { refresh: tokensOf(renewed[0]!).refresh })).errors).toMatchObject([SESSION_OVER])
    const reuses = (await trailOf(decodeJwt(token)['sid'] as string)).filter(({ action }) => action === 'refresh.reused')
    expect(reuses).toHaveLength(1)
  })

  it.each([
    ['none', undefined],
    ['an unknown one', 'x'.repeat(43)],
  ])('is not renewed by %s', async (_name, refresh) => {
    const answer = await auth.graphql(REFRESH, {}, refresh === undefined ? {} : { refresh })
    expect(answer).toMatchObject({ status: 401, errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] })
  })

  it('is over at its end, and after idling; its tokens do not outlive it', async () => {
    const change = (assignment: string, sid: unknown) =>
      auth.superuser.query(`update auth.sessions set ${assignment} where id = $1`, [sid])
    for (const assignment of [
      'expires_at = now()',
      'idle_expires_at = now()',
      `created_at = now() - interval '30 days 1 second'`,
    ]) {
      const { refresh, token } = await open(DEMO.users.owner)
      await change(assignment, decodeJwt(token)['sid'])
      expect((await auth.graphql(REFRESH, {}, { refresh })).errors).toMatchObject([SESSION_OVER])
      const listed = await auth.graphql(SESSIONS, {}, { token })
      expect(listed.data.viewer.sessions.map(({ id }: { id: string }) => id)).not.toContain(decodeJwt(token)['sid'])
    }
    const { refresh, token } = await open(DEMO.users.owner)
    await change(`expires_at = now() + interval '100 seconds'`, decodeJwt(token)['sid'])
    const last = await auth.graphql(REFRESH, {}, { refresh })
    const { exp, iat } = decodeJwt(tokensOf(last).token)
    expect(exp! - iat!).toBeGreaterThan(95)
    expect(exp! - iat!).toBeLessThanOrEqual(100)
    expect(Date.parse((last.session as { refreshExpiresAt: string }).refreshExpiresAt) / 1000 - iat!).toBeLessThanOrEqual(100)
  })

  it('lasts 30 days at most and 14 without being used; a renewal moves the second only', async () => {
    const { refresh, token } = await open(DEMO.users.viewer)
    const sid = decodeJwt(token)['sid']
    const ends = async () =>
      (
        await auth.superuser.query(
          `select extract(epoch from expires_at - created_at) / 86400 as max, extract(epoch from idle_expires_at - last_used_at) / 86400 as idle,
             extract(epoch from expires_at - idle_expires_at) / 86400 as left from auth.sessions where id = $1`,
          [sid],
        )
      ).rows.map(({ max, idle, left }) => ({ max: Number(max), idle: Number(idle), left: Number(left) }))[0]!
    expect(await ends()).toEqual({ max: 30, idle: 14, left: 16 })
    await auth.superuser.query(
      `update auth.sessions set created_at = created_at - interval '10 days', expires_at = expires_at - interval '10 days' where id = $1`,
      [sid],
    )
    await auth.graphql(REFRESH, {}, { refresh })
    const after = await ends()
    expect(after).toMatchObject({ max: 30, idle: 14 })
    expect(after.left).toBeCloseTo(6, 3)
  })

  it('moves to a client of the agency, keeps that at a refresh, and comes back', async () => {
    const first = await open(DEMO.users.admin)
    const switched = await auth.graphql(SWITCH, { id: DEMO.clientId }, first)
    expect(switched.data.switchOrganization.viewer).toEqual({
      role: 'AGENCY_ADMIN',
      organization: { id: DEMO.clientId, name: DEMO.clientName },
    })
    const second = tokensOf(switched)
    expect(decodeJwt(second.token)).toMatchObject({
      org: DEMO.clientId,
      orgs: encodeOrganizations([DEMO.agencyId, DEMO.clientId]),
    })
    const refreshed = await auth.graphql(REFRESH, {}, second)
    expect(refreshed.data.refreshSession.viewer.organization.id).toBe(DEMO.clientId)
    const back = await auth.graphql(SWITCH, { id: DEMO.agencyId }, tokensOf(refreshed))
    expect(back.data.switchOrganization.viewer.organization.id).toBe(DEMO.agencyId)
  })

  it('does not move to somebody else’s organisation, and does not use the refresh token up', async () => {
    const owner = await open(DEMO.users.owner)
    for (const id of [DEMO.agencyId, '0190a000-0000-7000-8000-00000000ffff', 'nonsense']) {
      const answer = await auth.graphql(SWITCH, { id }, owner)
      expect(answer.errors[0]).toMatchObject({ message: 'There is no such organization.', extensions: { code: 'NOT_FOUND' } })
      expect(answer.session).toBeNull()
    }
    expect((await auth.graphql(REFRESH, {}, owner)).session).not.toBeNull()
  })

  it('is listed to its person only, and ends by signing out, at once', async () => {
    const here = await open(DEMO.users.viewer)
    const there = await open(DEMO.users.viewer)
    const [hereId, thereId] = [here, there].map(({ token }) => decodeJwt(token)['sid'])
    const { sessions } = (await auth.graphql(SESSIONS, {}, here)).data.viewer
    expect(sessions.filter(({ current }: { current: boolean }) => current)).toEqual([expect.objectContaining({ id: hereId })])
    const one = sessions.find(({ id }: { id: string }) => id === thereId)
    expect(Date.parse(one.expiresAt) - Date.parse(one.createdAt)).toBe(30 * 86_400_000)
    expect(Date.parse(one.idleExpiresAt) - Date.parse(one.lastUsedAt)).toBe(14 * 86_400_000)
    const others = (await auth.graphql(SESSIONS, {}, await open(DEMO.users.admin))).data.viewer.sessions
    expect(others.map(({ id }: { id: string }) => id)).not.toContain(hereId)

    expect(await auth.graphql(SIGN_OUT, { everywhere: false }, { refresh: here.refresh })).toMatchObject({
      session: 'none',
      errors: [],
    })
    expect((await auth.graphql(REFRESH, {}, { refresh: here.refresh })).errors).toMatchObject([SESSION_OVER])
    await refused(here.token)
    expect((await auth.graphql(REFRESH, {}, { refresh: there.refresh })).session).not.toBeNull()
    expect((await trailOf(hereId as string)).at(-1)).toMatchObject({ action: 'session.ended', outcome: 'ALLOWED' })
  })

  it('that has ended says nothing any more about the person’s others', async () => {
    const [former, there] = [await open(DEMO.users.viewer), await open(DEMO.users.viewer)]
    await auth.graphql(SIGN_OUT, { everywhere: false }, { refresh: former.refresh })
    const again = await auth.graphql(SIGN_OUT, { everywhere: true }, { refresh: former.refresh })
    expect(again).toMatchObject({ session: 'none', errors: [] })
    expect((await auth.graphql(REFRESH, {}, { refresh: there.refresh })).session).not.toBeNull()
  })

  it('ends everywhere when that is asked for', async () => {
    const [here, there] = [await open(DEMO.users.viewer), await open(DEMO.users.viewer)]
    await auth.graphql(SIGN_OUT, { everywhere: true }, { refresh: here.refresh })
    expect((await auth.graphql(REFRESH, {}, { refresh: there.refresh })).errors).toMatchObject([SESSION_OVER])
    await refused(there.token)
  })

  it('can be ended from another one of the same person, and from nobody else’s', async () => {
    const [here, there, stranger] = [await open(DEMO.users.viewer), await open(DEMO.users.viewer), await open(DEMO.users.owner)]
    const id = decodeJwt(there.token)['sid']
    for (const [who, wrong] of [
      [stranger, id],
      [here, 'nonsense'],
      [here, '0190a000-0000-7000-8000-00000000ffff'],
    ] as const) {
      const answer = await auth.graphql(END, { id: wrong }, { token: who.token })
      expect(answer).toMatchObject({ data: null, session: null })
      expect(answer.errors[0]).toMatchObject({ message: 'There is no such session.', extensions: { code: 'NOT_FOUND' } })
    }
    expect((await auth.graphql(WHO, {}, { token: there.token })).status).toBe(200)
    expect(await auth.graphql(END, { id }, { token: here.token })).toMatchObject({
      data: { endSession: { id } },
      session: null,
      errors: [],
    })
    await refused(there.token)
    expect((await auth.graphql(WHO, {}, { token: here.token })).status).toBe(200)
    expect((await auth.graphql(END, { id }, { token: here.token })).errors[0]?.extensions.code).toBe('NOT_FOUND')
    const own = await auth.graphql(END, { id: decodeJwt(here.token)['sid'] }, { token: here.token })
    expect(own).toMatchObject({ session: 'none', errors: [] })
    await refused(here.token)
  })

  it('is the only one left when the others are ended', async () => {
    const [here, there] = [await open(DEMO.users.reviewer), await open(DEMO.users.reviewer)]
    const answer = await auth.graphql('mutation { endOtherSessions { ended } }', {}, { token: here.token })
    expect(answer.data.endOtherSessions.ended).toBeGreaterThanOrEqual(1)
    await refused(there.token)
    expect((await auth.graphql(SESSIONS, {}, here)).data.viewer.sessions).toHaveLength(1)
  })

  it('is nothing that a service client has', async () => {
    const { body } = await auth.post({ grant_type: 'client_credentials', client_id: DEMO.cliClientId, client_secret: CLI_SECRET })
    for (const query of ['mutation { endOtherSessions { ended } }', 'mutation { endSession(input: { id: "x" }) { id } }']) {
      const answer = await auth.graphql(query, {}, { token: body.access_token })
      expect(answer.errors[0]).toMatchObject({ message: 'A service client has no sessions.', extensions: { code: 'FORBIDDEN' } })
    }
  })

  it('can be left when there is none', async () => {
    expect(await auth.graphql(SIGN_OUT, { everywhere: true })).toMatchObject({ status: 200, session: 'none', errors: [] })
  })
})
