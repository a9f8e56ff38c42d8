import { afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import { DEMO } from '@signalbox/shared/demo'
import { once } from 'node:events'
import pg from 'pg'
import WebSocket from 'ws'
import { change } from './testkit/parts.ts'
import { eventually, Session, signIn, system } from './testkit/session.ts'

const RUNS = '{ runs(first: 1) { totalCount } }'
const SESSIONS = '{ viewer { sessions { id current userAgent createdAt expiresAt idleExpiresAt } } }'
const END = 'mutation ($id: ID!) { endSession(input: { id: $id }) { id } }'
const REFRESH = 'mutation { refreshSession { viewer { role scopes } } }'
const MEMBERS = '{ viewer { organization { members(first: 50) { nodes { id role user { id displayName } } } } } }'
const CHANGE = 'mutation ($input: ChangeMemberRoleInput!) { changeMemberRole(input: $input) { membership { role } } }'
const UNAUTHENTICATED = { status: 401, errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] }
const REVIEWER = 'reviewer@harbour.example'

/** A session ends everywhere at once: its cookies, its tokens, its sockets. */
describe('a session', () => {
  let here: Session
  let there: Session
  beforeAll(async () => {
    here = await signIn('viewer@harbour.example')
    there = await signIn('viewer@harbour.example')
  })

  it('is listed beside the person’s other ones', async () => {
    const [mine, theirs] = [await sessionsOf(here), await sessionsOf(there)]
    expect(mine.map(({ id }) => id).sort()).toEqual(theirs.map(({ id }) => id).sort())
    const currents = [mine, theirs].map((sessions) => sessions.filter(({ current }) => current).map(({ id }) => id))
    expect(currents.map(({ length }) => length)).toEqual([1, 1])
    expect(currents[0]).not.toEqual(currents[1])
  })

  it('is over for its cookies and its open socket when it is ended from another one', async () => {
    const id = (await sessionsOf(there)).find(({ current }) => current)!.id
    const sockets = await Promise.all([openSocket(there), openSocket(there), openSocket(here)])
    const closes = sockets.slice(0, 2).map((socket) => once(socket, 'close') as Promise<[code: number, reason: Buffer]>)
    const token = there.cookies.get('signalbox-access')!
    expect((await new Session(system.url, token).graphql(RUNS)).status).toBe(200)

    await here.expect(END, { id })
    for (const [code] of await Promise.all(closes)) expect(code).toBe(4403)
    expect(await there.graphql(RUNS)).toMatchObject(UNAUTHENTICATED)
    expect(await new Session(system.url, token).graphql(RUNS)).toMatchObject(UNAUTHENTICATED)

    expect((await here.graphql(RUNS)).status).toBe(200)
    expect(sockets[2].readyState).toBe(WebSocket.OPEN)
    sockets[2].terminate()
    expect(await there.graphql(REFRESH)).toMatchObject({ ...UNAUTHENTICATED, data: null })
    expect([...there.cookies.keys()].filter((name) => /access|refresh/.test(name))).toEqual([])
    expect((await sessionsOf(here)).map((session) => session.id)).not.toContain(id)
  })

  it('is over for both when somebody else uses its refresh token', async () => {
    const owner = await signIn('viewer@harbour.example')
    const thief = new Session(system.url)
    for (const [name, value] of owner.cookies) thief.cookies.set(name, value)
    expect((await thief.graphql(REFRESH)).status).toBe(200)
    expect((await thief.graphql(RUNS)).status).toBe(200)
    const socket = await openSocket(thief)
    const closed = once(socket, 'close')

    expect(await owner.graphql(REFRESH)).toMatchObject(UNAUTHENTICATED)
    expect((await closed)[0]).toBe(4403)
    expect(await thief.graphql(RUNS)).toMatchObject(UNAUTHENTICATED)
    expect(await thief.graphql(REFRESH)).toMatchObject(UNAUTHENTICATED)
  })

  it('is renewed in turn as often as one likes; of two renewals at the same time one is refused', async () => {
    const tab = await signIn('viewer@harbour.example')
    for (let turn = 0; turn < 3; turn += 1) expect((await tab.graphql(REFRESH)).status).toBe(200)
    const answers = await Promise.all([tab.graphql(REFRESH), tab.graphql(REFRESH)])
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 401])
  })
})

describe('the session of an agency with 400 clients', () => {
  it('fits into the cookies that browsers keep and into every header on its way', async () => {
    const database = new pg.Client({ connectionString: process.env['SIGNALBOX_DATABASE_URL'] })
    await database.connect()
    const { rows } = await database.query(
      `insert into auth.organizations (name, kind, agency_id)
       select 'One of many', 'CLIENT', $1 from generate_series(1, 400 - auth.client_count($1)) returning id`,
      [DEMO.agencyId],
    )
    try {
      const admin = await signIn(DEMO.users.admin)
      const sizes = [...admin.cookies].map(([name, value]) => name.length + value.length)
      expect(sizes.length).toBeGreaterThanOrEqual(5)
      expect(Math.max(...sizes)).toBeLessThan(4_000)
      expect((await admin.expect('{ viewer { readableOrganizations { id } } }')).viewer.readableOrganizations).toHaveLength(401)
      expect((await admin.graphql(RUNS)).status).toBe(200)
      const socket = await openSocket(admin)
      expect(socket.readyState).toBe(WebSocket.OPEN)
      socket.terminate()
      expect((await admin.graphql(REFRESH)).status).toBe(200)
      expect((await admin.graphql(RUNS)).status).toBe(200)
    } finally {
      await database.query('delete from auth.sessions where organization_id = any($1)', [rows.map(({ id }) => id)])
      await database.query('delete from auth.organizations where id = any($1)', [rows.map(({ id }) => id)])
      await database.end()
    }
  })
})

describe('a change of role', () => {
  let owner: Session
  let membershipId: string
  beforeAll(async () => {
    owner = await signIn('owner@harbour.example')
    const { members } = (await owner.expect(MEMBERS)).viewer.organization
    membershipId = members.nodes.find(({ role }: { role: string }) => role === 'CLIENT_REVIEWER').id
  })
  afterEach(() => owner.expect(CHANGE, { input: { membershipId, role: 'CLIENT_REVIEWER' } }))

  it('holds at once: the old token is refused, its socket closed, and a renewal gives the new rights', async () => {
    const reviewer = await signIn(REVIEWER)
    const scopes = async () => (await reviewer.expect('{ viewer { role scopes } }')).viewer
    expect(await scopes()).toMatchObject({ role: 'CLIENT_REVIEWER', scopes: expect.arrayContaining(['hitl:decide']) })
    const socket = await openSocket(reviewer)
    const closed = once(socket, 'close')

    await owner.expect(CHANGE, { input: { membershipId, role: 'CLIENT_VIEWER' } })
    expect((await closed)[0]).toBe(4403)
    expect(await reviewer.graphql(RUNS)).toMatchObject(UNAUTHENTICATED)

    const { refreshSession } = await reviewer.expect(REFRESH)
    expect(refreshSession.viewer.role).toBe('CLIENT_VIEWER')
    expect(refreshSession.viewer.scopes).not.toContain('hitl:decide')
    expect(await scopes()).toEqual(refreshSession.viewer)
  })
})

describe('while revocations cannot be heard of', () => {
  it('tokens live on, /ready says so, and what was revoked before stays so when they can be again', async () => {
    const [person, ended] = [await signIn('viewer@harbour.example'), await signIn('viewer@harbour.example')]
    const token = ended.cookies.get('signalbox-access')!
    await ended.expect('mutation { signOut(input: { everywhere: false }) { everywhere } }')
    await change('stop', 'auth')
    try {
      await eventually(async () =>
        expect(await ready()).toMatchObject({
          status: 'degraded',
          parts: { revocations: 'down', 'workflow.revocations': 'down', 'telemetry.revocations': 'down' },
        }),
      )
      expect((await person.graphql(RUNS)).status).toBe(200)
      expect(await new Session(system.url, token).graphql(RUNS)).toMatchObject(UNAUTHENTICATED)
    } finally {
      await change('start', 'auth')
    }
    await eventually(async () => expect(await ready()).toMatchObject({ status: 'ok', parts: { revocations: 'ok' } }))
    expect(await new Session(system.url, token).graphql(RUNS)).toMatchObject(UNAUTHENTICATED)
    expect((await person.graphql(REFRESH)).status).toBe(200)
  }, 60_000)
})

const sessionsOf = async (session: Session): Promise<{ id: string; current: boolean }[]> =>
  (await session.expect(SESSIONS)).viewer.sessions

const ready = async () => (await (await fetch(`${system.url}/ready`)).json()) as object

/** A socket with the session's cookies that follows its organisation's runs. */
async function openSocket(session: Session): Promise<WebSocket> {
  const cookie = [...session.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
  const headers = { cookie, origin: new URL(system.url).origin }
  const socket = new WebSocket(`${system.url.replace(/^http/, 'ws')}/graphql`, 'graphql-transport-ws', { headers })
  await once(socket, 'open')
  socket.send('{"type":"connection_init"}')
  await once(socket, 'message')
  const query = 'subscription { runsChanged { run { id } } }'
  socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload: { query } }))
  // Answered in order: when this is, the subscription has been admitted.
  socket.send('{"type":"ping"}')
  await once(socket, 'message')
  return socket
}
