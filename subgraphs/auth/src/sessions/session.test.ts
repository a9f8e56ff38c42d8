import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { DEMO } from '@signalbox/shared/demo'
import { decodeJwt, decodeProtectedHeader } from 'jose'
import { AuthFixture } from '../testing/auth-fixture.ts'

const REFRESH = 'mutation { refreshSession { viewer { role organization { id } } } }'
const SWITCH =
  'mutation ($id: ID!) { switchOrganization(input: { organizationId: $id }) { viewer { role organization { id name } } } }'
const SIGN_OUT = 'mutation ($everywhere: Boolean!) { signOut(input: { everywhere: $everywhere }) { everywhere } }'
const SESSIONS = '{ viewer { sessions { id current userAgent } } }'

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
      orgs: [DEMO.clientId],
      scope: 'wrm:read hitl:decide kb:read kpi:read',
      kind: 'USER',
      role: 'CLIENT_REVIEWER',
      sid: expect.any(String),
      jti: expect.any(String),
    })
    expect(claims.exp! - claims.iat!).toBe(300)
    expect(Date.parse(accessExpiresAt)).toBe(claims.exp! * 1000)
  })

  it('lets an agency’s member read its clients', async () => {
    const claims = decodeJwt((await open(DEMO.users.admin)).token)
    expect(claims).toMatchObject({ org: DEMO.agencyId, orgs: [DEMO.agencyId, DEMO.clientId], role: 'AGENCY_ADMIN' })
  })

  it('goes on by its refresh token, which works once', async () => {
    const first = await open(DEMO.users.owner)
    const answer = await auth.graphql(REFRESH, {}, { refresh: first.refresh })
    expect(answer.data.refreshSession.viewer).toEqual({ role: 'CLIENT_OWNER', organization: { id: DEMO.clientId } })
    const second = tokensOf(answer)
    expect(second.refresh).not.toBe(first.refresh)
    expect(decodeJwt(second.token)['sid']).toBe(decodeJwt(first.token)['sid'])

    const again = await auth.graphql(REFRESH, {}, { refresh: first.refresh })
    expect(again).toMatchObject({ status: 401, session: null, errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] })
    expect((await auth.graphql(REFRESH, {}, { refresh: second.refresh })).session).not.toBeNull()
  })

  it('is renewed once by 10 refreshes at once', async () => {
    const { refresh } = await open(DEMO.users.owner)
    const answers = await Promise.all(Array.from({ length: 10 }, () => auth.graphql(REFRESH, {}, { refresh })))
    expect(answers.filter(({ session }) => session !== null)).toHaveLength(1)
  })

  it.each([
    ['none', undefined],
    ['an unknown one', 'x'.repeat(43)],
  ])('is not renewed by %s', async (_name, refresh) => {
    const answer = await auth.graphql(REFRESH, {}, refresh === undefined ? {} : { refresh })
    expect(answer).toMatchObject({ status: 401, errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] })
  })

  it('is over when its refresh token or the session itself has expired', async () => {
    const { refresh, token } = await open(DEMO.users.owner)
    const expire = (table: string, column: string) =>
      auth.superuser.query(`update auth.${table} set expires_at = now() where ${column} = $1`, [decodeJwt(token)['sid']])
    await expire('sessions', 'id')
    expect((await auth.graphql(REFRESH, {}, { refresh })).errors[0]?.extensions.code).toBe('UNAUTHENTICATED')
    const other = await open(DEMO.users.owner)
    await auth.superuser.query('update auth.refresh_tokens set expires_at = now() where session_id = $1', [
      decodeJwt(other.token)['sid'],
    ])
    expect((await auth.graphql(REFRESH, {}, { refresh: other.refresh })).errors[0]?.extensions.code).toBe('UNAUTHENTICATED')
  })

  it('moves to a client of the agency, keeps that at a refresh, and comes back', async () => {
    const first = await open(DEMO.users.admin)
    const switched = await auth.graphql(SWITCH, { id: DEMO.clientId }, first)
    expect(switched.data.switchOrganization.viewer).toEqual({
      role: 'AGENCY_ADMIN',
      organization: { id: DEMO.clientId, name: DEMO.clientName },
    })
    const second = tokensOf(switched)
    expect(decodeJwt(second.token)).toMatchObject({ org: DEMO.clientId, orgs: [DEMO.agencyId, DEMO.clientId] })
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

  it('is listed to its person only, and ends by signing out', async () => {
    const here = await open(DEMO.users.viewer)
    const there = await open(DEMO.users.viewer)
    const listed = await auth.graphql(SESSIONS, {}, here)
    expect(listed.data.viewer.sessions).toHaveLength(2)
    expect(listed.data.viewer.sessions.filter((session: { current: boolean }) => session.current)).toEqual([
      expect.objectContaining({ id: decodeJwt(here.token)['sid'] }),
    ])
    expect(await auth.graphql(SIGN_OUT, { everywhere: false }, { refresh: here.refresh })).toMatchObject({
      session: 'none',
      errors: [],
    })
    expect((await auth.graphql(REFRESH, {}, here)).errors[0]?.extensions.code).toBe('UNAUTHENTICATED')
    expect((await auth.graphql(REFRESH, {}, there)).session).not.toBeNull()
  })

  it('ends everywhere when that is asked for', async () => {
    const [here, there] = [await open(DEMO.users.viewer), await open(DEMO.users.viewer)]
    await auth.graphql(SIGN_OUT, { everywhere: true }, { refresh: here.refresh })
    expect((await auth.graphql(REFRESH, {}, there)).errors[0]?.extensions.code).toBe('UNAUTHENTICATED')
  })

  it('can be left when there is none', async () => {
    expect(await auth.graphql(SIGN_OUT, { everywhere: true })).toMatchObject({ status: 200, session: 'none', errors: [] })
  })
})
