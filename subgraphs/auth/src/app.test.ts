import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { DEMO } from '@signalbox/shared/demo'
import { createTestDatabase } from '@signalbox/shared/testing/database'
import { startApp } from './app.ts'
import { AuthFixture, CLI_SECRET, freePort, testEnv } from './testing/auth-fixture.ts'
import { Forwarder } from './testing/forwarder.ts'

const CREDENTIALS = { grant_type: 'client_credentials', client_id: DEMO.cliClientId, client_secret: CLI_SECRET }

describe('the auth service', () => {
  let auth: AuthFixture
  let database: Forwarder
  beforeAll(async () => {
    auth = await AuthFixture.start({
      databaseThrough: async (url) => (database = new Forwarder(await freePort(), new URL(url))).url,
    })
  })
  afterAll(async () => {
    await auth[Symbol.asyncDispose]()
    await database.close()
  })

  const ready = async () => {
    const response = await fetch(`${auth.address}/ready`)
    return { status: response.status, ...((await response.json()) as object) }
  }

  it('starts without its database, says so, and serves once it is there', async () => {
    expect(await ready()).toEqual({ status: 'degraded', parts: { database: 'down', mail: 'ok', revocations: 'down' } })
    expect((await fetch(`${auth.address}/ready`)).status).toBe(503)
    expect((await fetch(`${auth.address}/health`)).status).toBe(200)
    const keys = await fetch(`${auth.address}/oidc/jwks`)
    expect(keys.status).toBe(503)
    expect(await keys.json()).toMatchObject({
      error: 'temporarily_unavailable',
      errors: [{ extensions: { code: 'UNAVAILABLE' } }],
    })
    expect((await auth.requestOtp(DEMO.users.owner)).errors[0]?.extensions).toEqual({ code: 'UNAVAILABLE', service: 'database' })

    await database.open()
    expect(await ready()).toMatchObject({ status: 'ok', parts: { database: 'ok', mail: 'ok' } })
    expect((await auth.post(CREDENTIALS)).status).toBe(200)
    expect(await auth.signIn(DEMO.users.owner)).toMatchObject({ accessToken: expect.any(String) })
  })

  it('says that its database has gone, and serves again when it is back', async () => {
    const { token } = await auth.tokenOf(DEMO.users.owner)
    const query = '{ organizations { name } }'
    await database.close()
    expect(await ready()).toMatchObject({ parts: { database: 'down' } })
    expect((await auth.graphql(query, {}, { token })).errors[0]?.extensions).toEqual({ code: 'UNAVAILABLE', service: 'database' })
    expect(await auth.post(CREDENTIALS)).toMatchObject({
      status: 503,
      body: { errors: [{ extensions: { code: 'UNAVAILABLE' } }] },
    })
    await database.open()
    expect((await auth.graphql(query, {}, { token })).data).toEqual({ organizations: [{ name: DEMO.clientName }] })
    expect((await auth.post(CREDENTIALS)).status).toBe(200)
  })

  it('says that mail cannot be sent, alike for known and unknown addresses, and opens no challenge', async () => {
    const challenges = async () =>
      (await auth.superuser.query('select count(*)::int as n from auth.challenges')).rows[0].n as number
    const owner = await auth.tokenOf(DEMO.users.owner)
    const before = await challenges()
    await auth.inbox.close()
    expect(await ready()).toMatchObject({ parts: { database: 'ok', mail: 'down' } })
    for (const address of [DEMO.users.owner, 'nobody@elsewhere.example']) {
      const { status, errors } = await auth.requestOtp(address)
      expect({ status, extensions: errors[0]?.extensions }).toEqual({
        status: 200,
        extensions: { code: 'UNAVAILABLE', service: 'mail' },
      })
    }
    const invited = await auth.graphql(
      'mutation { inviteMember(input: { email: "late@harbour.example", role: CLIENT_VIEWER }) { invitation { id } } }',
      {},
      owner,
    )
    expect(invited.errors[0]?.extensions).toEqual({ code: 'UNAVAILABLE', service: 'mail' })
    expect((await auth.superuser.query('select * from auth.invitations')).rows).toEqual([])
    expect(await challenges()).toBe(before)
    await auth.inbox.open()
    expect(await ready()).toMatchObject({ status: 'ok' })
    expect(await auth.signIn(DEMO.users.owner)).toMatchObject({ accessToken: expect.any(String) })
  })

  it('refuses to start on a schema that lacks migrations', async () => {
    const empty = await createTestDatabase('auth_empty')
    const env = testEnv(await freePort(), empty.url('auth_app'), auth.inbox.url)
    await expect(startApp(env)).rejects.toThrow('the auth schema lacks migrations: 0001_identity')
    await empty.drop()
  })

  it('refuses to start with another AUTH_SECRET than its signing key was stored with', async () => {
    const env = { ...auth.env, PORT: await freePort(), AUTH_SECRET: 'another-secret-of-at-least-32-characters' }
    await expect(startApp(env)).rejects.toThrow(/AUTH_SECRET is not the one/)
  })

  it('makes one signing key when two processes start at once', async () => {
    await auth.superuser.query('delete from auth.signing_keys')
    const start = async () => startApp({ ...auth.env, PORT: await freePort() })
    const apps = await Promise.all([start(), start()])
    const kids = await Promise.all(
      apps.map(async ({ address }) => {
        const { keys } = (await (await fetch(`${address}/oidc/jwks`)).json()) as { keys: { kid: string }[] }
        return keys.map((key) => key.kid)
      }),
    )
    expect(kids[0]).toHaveLength(1)
    expect(kids[1]).toEqual(kids[0])
    await Promise.all(apps.map((app) => app[Symbol.asyncDispose]()))
  })
})
