import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import { migrateEvents } from '@signalbox/shared/events/migrate'
import { createLogger } from '@signalbox/shared/logger'
import { admitCallersOnly } from '@signalbox/shared/private-server'
import { RevocationFeed } from '@signalbox/shared/revocation-feed'
import type { Revocable } from '@signalbox/shared/revocations'
import { parseServiceKey, parseTrustedCallers } from '@signalbox/shared/service-credential'
import type { ServiceIdentity } from '@signalbox/shared/service-identity'
import { createTestDatabase, type TestDatabase } from '@signalbox/shared/testing/database'
import fastify, { type FastifyInstance } from 'fastify'
import { generateKeyPairSync, randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import pg from 'pg'
import { migrateAuth } from '../migrations.ts'
import { RevocationHub } from './revocation-hub.ts'
import { registerRevocations } from './revocation-stream.ts'

const log = createLogger('auth', 'silent')
const serviceKey = (kid: string) => {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519')
  return { own: { ...privateKey.export({ format: 'jwk' }), kid }, trusted: { ...publicKey.export({ format: 'jwk' }), kid } }
}
const [workflow, stranger] = [serviceKey('workflow'), serviceKey('workflow')]
const identity = (name: string, key?: { own: object }): ServiceIdentity => ({
  name,
  key: key ? parseServiceKey(JSON.stringify(key.own)) : null,
  trustedCallers: parseTrustedCallers(JSON.stringify({ keys: [workflow.trusted] })),
  tls: null,
})
const someone = (over: Partial<Revocable> = {}): Revocable => ({
  sessionId: randomUUID(),
  actorId: randomUUID(),
  issuedAt: Date.now() / 1000,
  keyId: randomUUID(),
  ...over,
})

describe('revocations', () => {
  let database: TestDatabase
  let service: pg.Client
  let superuser: pg.Client
  let hub: RevocationHub
  let app: FastifyInstance
  let url: string
  const feeds: RevocationFeed[] = []

  beforeAll(async () => {
    database = await createTestDatabase(
      'auth',
      (url) => migrateEvents(url('events_owner')),
      (url) => migrateAuth(url('auth_owner')),
    )
    service = new pg.Client({ connectionString: database.url('auth_app') })
    superuser = new pg.Client({ connectionString: database.superuserUrl })
    await Promise.all([service.connect(), superuser.connect()])
    hub = new RevocationHub(database.url('auth_app'), log)
    app = fastify({ forceCloseConnections: true })
    admitCallersOnly(app, { identity: identity('auth'), log, sharedPaths: ['/revocations'] })
    registerRevocations(app, hub)
    url = `${await app.listen({ host: '127.0.0.1', port: 0 })}/revocations`
  })
  afterEach(() => Promise.all(feeds.splice(0).map((feed) => feed[Symbol.asyncDispose]())))
  afterAll(async () => {
    await hub[Symbol.asyncDispose]()
    await app.close()
    await Promise.all([service.end(), superuser.end()])
    await database.drop()
  })

  const follow = async (key = workflow) => {
    const feed = new RevocationFeed({ url, identity: identity('workflow', key), log })
    feeds.push(feed)
    await feed.check()
    return feed
  }
  const revoke = (subject: string) => service.query('select auth.revoke($1)', [subject])
  const revoked = (feed: Pick<RevocationFeed, 'onRevoked'>, viewer: Revocable) =>
    new Promise<void>((resolve) => {
      feed.onRevoked(viewer, resolve)
    })

  it('reach whoever listens with the commit, and nobody before it', async () => {
    const [feed, other] = [await follow(), await follow()]
    const viewer = someone()
    const heard = Promise.all([revoked(feed, viewer), revoked(other, viewer), revoked(hub, viewer)])
    await service.query('begin')
    await revoke(`session:${viewer.sessionId}`)
    // What is revoked later and committed earlier is heard of: so the first would have been, too.
    const control = someone()
    const controlled = revoked(feed, control)
    await superuser.query('select auth.revoke($1)', [`session:${control.sessionId}`])
    await controlled
    expect(feed.isRevoked(viewer)).toBe(false)
    await service.query('commit')
    await heard
    expect(feed.isRevoked(viewer)).toBe(true)
  })

  it('that were rolled back are none', async () => {
    const feed = await follow()
    const [rolledBack, control] = [someone(), someone()]
    await service.query('begin')
    await revoke(`session:${rolledBack.sessionId}`)
    await service.query('rollback')
    const controlled = revoked(feed, control)
    await revoke(`session:${control.sessionId}`)
    await controlled
    expect(feed.isRevoked(rolledBack)).toBe(false)
  })

  it('do not wait for those of others, though both clear away what is over', async () => {
    await superuser.query(
      `insert into auth.revocations values ('session:over', now() - interval '1 hour', now() - interval '1 minute')`,
    )
    await service.query('begin')
    try {
      await revoke(`session:${randomUUID()}`)
      await superuser.query(`set lock_timeout = '2s'`)
      await superuser.query('select auth.revoke($1)', [`session:${randomUUID()}`])
    } finally {
      await service.query('rollback')
      await superuser.query('reset lock_timeout')
    }
  })

  it('are what auth.revoke wrote: a notification alone, which any role can send, ends nothing', async () => {
    const feed = await follow()
    const [viewer, other] = [someone(), someone()]
    const heard = revoked(feed, viewer)
    const now = Date.now() / 1000
    const forged = JSON.stringify({ subject: `session:${other.sessionId}`, revokedAt: now, until: now + 600 })
    for (const payload of ['', 'no JSON', forged]) await superuser.query(`select pg_notify('auth_revocations', $1)`, [payload])
    await revoke(`session:${viewer.sessionId}`)
    await heard
    expect(feed.isRevoked(other)).toBe(false)
  })

  it('that stand are told first to whoever comes later', async () => {
    const viewer = someone()
    await revoke(`session:${viewer.sessionId}`)
    await revoked(hub, viewer)
    expect((await follow()).isRevoked(viewer)).toBe(true)
  })

  it('of an actor end the tokens from before, those of a session and a key end every one', async () => {
    const viewer = someone()
    await revoke(`actor:${viewer.actorId}`)
    const feed = await follow()
    await revoked(feed, viewer)
    const [{ moment }] = (await service.query('select auth.issue_moment($1) as moment', [viewer.actorId])).rows
    expect(feed.isRevoked(viewer)).toBe(true)
    expect(feed.isRevoked({ ...viewer, issuedAt: moment })).toBe(false)
    const { issuedAt: _, ...undated } = viewer
    expect(feed.isRevoked(undated)).toBe(true)
    for (const subject of ['session', 'key']) {
      const later = someone({ issuedAt: moment + 60 })
      const heard = revoked(feed, later)
      await revoke(`${subject}:${subject === 'key' ? later.keyId : later.sessionId}`)
      await heard
      expect(feed.isRevoked(someone({ issuedAt: moment + 60 }))).toBe(false)
    }
  })

  it('wait for those who read an actor’s rights just now, and let nobody read old ones afterwards', async () => {
    const actor = randomUUID()
    const reader = new pg.Client({ connectionString: database.url('auth_app') })
    await reader.connect()
    try {
      await reader.query('begin')
      const [{ moment: before }] = (await reader.query('select auth.issue_moment($1) as moment', [actor])).rows
      await service.query('begin')
      const revoking = revoke(`actor:${actor}`)
      await expect(settled(revoking, superuser)).resolves.toBe(false)
      await reader.query('commit')
      await revoking
      await reader.query('begin')
      const reading = reader.query('select auth.issue_moment($1) as moment', [actor])
      await expect(settled(reading, superuser)).resolves.toBe(false)
      await service.query('commit')
      const [{ moment: after }] = (await reading).rows
      await reader.query('commit')
      const feed = await follow()
      await revoked(feed, someone({ actorId: actor, issuedAt: before }))
      expect(feed.isRevoked(someone({ actorId: actor, issuedAt: after }))).toBe(false)
    } finally {
      await reader.end()
    }
  })

  it('are told to services with a credential only', async () => {
    const answer = await fetch(url)
    expect(answer.status).toBe(401)
    expect(await answer.json()).toMatchObject({ errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] })
    await expect(follow(stranger)).rejects.toThrow('not connected to the stream of revocations')
  })

  it('are not for the service’s own role to read or write by itself', async () => {
    await expect(service.query('select * from auth.revocations')).rejects.toThrow('permission denied')
    await expect(service.query('delete from auth.revocations')).rejects.toThrow('permission denied')
    await expect(revoke('user:1')).rejects.toThrow('check constraint')
  })

  it('are not missed when the database’s connection is lost, which everybody hears of', async () => {
    const feed = await follow()
    const viewer = someone()
    // Nobody may come back before the revocation is there.
    const elsewhere = new pg.Client({ connectionString: process.env['TEST_DATABASE_URL'] })
    await elsewhere.connect()
    const name = new URL(database.superuserUrl).pathname.slice(1)
    const admit = (whether: boolean) => elsewhere.query(`alter database ${name} with allow_connections ${whether}`)
    await admit(false)
    try {
      await superuser.query(
        `select pg_terminate_backend(pid) from pg_stat_activity
         where datname = current_database() and query ~ 'listen auth_revocations|standing_revocations' and pid <> pg_backend_pid()`,
      )
      await until(() => !feed.healthy)
      await expect(feed.check()).rejects.toThrow()
      await expect(hub.check()).rejects.toThrow()
      await superuser.query('select auth.revoke($1)', [`session:${viewer.sessionId}`])
      expect(feed.isRevoked(viewer)).toBe(false)
    } finally {
      await admit(true)
      await elsewhere.end()
    }
    await revoked(feed, viewer)
    await until(() => feed.healthy)
  })

  it('that come no more make the stream count as down, though its connection stands', async () => {
    const silent = createServer((_request, response) => response.writeHead(200).write('{"kind":"standing"}\n'))
    await once(silent.listen(0, '127.0.0.1'), 'listening')
    const address = `http://127.0.0.1:${(silent.address() as AddressInfo).port}/revocations`
    const feed = new RevocationFeed({ url: address, identity: identity('workflow', workflow), log })
    await feed.check()
    await until(() => !feed.healthy)
    await feed[Symbol.asyncDispose]()
    silent.closeAllConnections()
    silent.close()
  }, 10_000)
})

/** Whether a query has its answer, asked when the server says that it waits for a lock. */
async function settled(query: Promise<unknown>, observer: pg.Client): Promise<boolean> {
  let isSettled = false
  query.finally(() => (isSettled = true)).catch(() => {})
  await until(async () => {
    const { rowCount } = await observer.query(
      `select from pg_stat_activity where wait_event_type = 'Lock' and wait_event = 'advisory' and datname = current_database()`,
    )
    return isSettled || rowCount! > 0
  })
  return isSettled
}

async function until(holds: () => boolean | Promise<boolean>) {
  for (const deadline = Date.now() + 8_000; Date.now() < deadline;) {
    if (await holds()) return
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
  throw new Error('did not happen')
}
