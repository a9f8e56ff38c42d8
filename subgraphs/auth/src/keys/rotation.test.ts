import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { DEMO } from '@signalbox/shared/demo'
import type { MikroORM } from '@mikro-orm/postgresql'
import { decodeJwt, decodeProtectedHeader, SignJWT } from 'jose'
import { startApp } from '../app.ts'
import { createAuthOrm } from '../orm.ts'
import { AuthFixture, CLI_SECRET, freePort, type Json } from '../testing/auth-fixture.ts'
import { Secrets } from './secrets.ts'
import { SigningKeys, type SigningKey } from './signing-keys.ts'

const CREDENTIALS = { grant_type: 'client_credentials', client_id: DEMO.cliClientId, client_secret: CLI_SECRET }

describe('rotating the signing key', () => {
  let auth: AuthFixture
  let orm: MikroORM
  let keys: SigningKeys
  beforeAll(async () => {
    auth = await AuthFixture.start()
    orm = await createAuthOrm(auth.env.DATABASE_URL)
    keys = new SigningKeys(orm, new Secrets(auth.env.AUTH_SECRET))
  })
  afterAll(async () => {
    await orm.close()
    await auth[Symbol.asyncDispose]()
  })

  const published = async (address = auth.address) =>
    ((await (await fetch(`${address}/oidc/jwks`)).json()) as { keys: { kid: string }[] }).keys.map(({ kid }) => kid)
  const tokenOf = async () => (await auth.post(CREDENTIALS)).body.access_token as string
  const signerOf = (token: string) => decodeProtectedHeader(token).kid
  const status = async (token: string) => (await auth.graphql('{ viewer { role } }', {}, { token })).status
  const until = async (done: () => Promise<boolean>) => {
    const start = Date.now()
    while (!(await done())) expect(Date.now() - start).toBeLessThan(20_000)
  }
  /** Lets so many seconds pass for the keys. */
  const pass = (seconds: number) =>
    auth.superuser.query(
      `update auth.signing_keys set signs_from = signs_from - $1 * interval '1 s', signs_until = signs_until - $1 * interval '1 s',
         published_until = published_until - $1 * interval '1 s'`,
      [seconds],
    )

  it('publishes the next key before it signs, and the last one until nothing that it signed can live', async () => {
    const [first] = await published()
    const old = await tokenOf()
    expect(signerOf(old)).toBe(first)
    const rotation = (await keys.rotate())!
    expect(Math.round((rotation.signsFrom.getTime() - Date.now()) / 1_000)).toBeCloseTo(600, -1)
    await until(async () => (await published()).includes(rotation.kid))
    expect(await published()).toEqual([first, rotation.kid])
    expect(signerOf(await tokenOf())).toBe(first)

    await pass(600)
    await until(async () => signerOf(await tokenOf()) === rotation.kid)
    expect(await published()).toEqual([rotation.kid, first])
    const { token } = await auth.tokenOf(DEMO.users.owner)
    expect(signerOf(token)).toBe(rotation.kid)
    expect(await Promise.all([status(old), status(await tokenOf()), status(token)])).toEqual([200, 200, 200])

    await pass(360)
    await until(async () => !(await published()).includes(first!))
    expect(await published()).toEqual([rotation.kid])
  })

  it('refuses what a retired key signs now, however fresh', async () => {
    const retiring = await keys.active()
    await keys.rotate({ leadSeconds: 2, drainSeconds: 0 })
    await pass(10)
    await until(async () => !(await published()).includes(retiring.kid))
    const claims = decodeJwt(await tokenOf())
    const sign = (kid: string, key: SigningKey['privateKey']) =>
      new SignJWT({ ...claims }).setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid }).sign(key)
    const current = await keys.active()
    expect(await status(await sign(current.kid, current.privateKey))).toBe(200)
    const forged = await sign(retiring.kid, retiring.privateKey)
    await until(async () => (await status(forged)) === 401)
    const { rows } = await auth.superuser.query('select state from auth.published_keys() where kid = $1', [retiring.kid])
    expect(rows).toEqual([])
  })

  it('forgets the private part of a retired key', async () => {
    await keys.rotate({ leadSeconds: 2 })
    const { rows } = await auth.superuser.query(
      'select private_key is null as forgotten, published_until <= now() as retired from auth.signing_keys where published_until is not null',
    )
    const retired = (rows as { forgotten: boolean; retired: boolean }[]).filter((key) => key.retired)
    expect(retired.length).toBeGreaterThan(0)
    expect(retired.every((key) => key.forgotten)).toBe(true)
    await pass(10)
  })

  it('is done once by many processes, and seen by all of them without a restart', async () => {
    const other = await startApp({ ...auth.env, PORT: await freePort() })
    const rotations = await Promise.all(Array.from({ length: 6 }, () => keys.rotate({ leadSeconds: 2 })))
    const made = rotations.filter((rotation) => rotation !== null)
    expect(made).toHaveLength(1)
    await until(async () => (await published()).includes(made[0]!.kid))
    await until(async () => (await published(other.address)).includes(made[0]!.kid))
    await pass(10)
    const tokenAt = async () => {
      const response = await fetch(`${other.address}/oidc/token`, { method: 'POST', body: new URLSearchParams(CREDENTIALS) })
      return ((await response.json()) as Json).access_token as string
    }
    await until(async () => signerOf(await tokenAt()) === made[0]!.kid)
    await other[Symbol.asyncDispose]()
  })

  it('happens by itself when the key is old, at the next start or hour', async () => {
    expect(await keys.rotate({ minAgeDays: 30 })).toBeNull()
    const { kid } = await keys.active()
    await auth.restart(async () => void (await pass(31 * 86_400)))
    await until(async () => (await published()).length === 2)
    expect((await published())[0]).toBe(kid)
    const { rows } = await auth.superuser.query(
      `select payload->'details'->>'cause' as cause, organization_id from events.outbox where payload->>'action' = 'signing_key.rotated'`,
    )
    expect(rows).toEqual([{ cause: 'SCHEDULE', organization_id: '00000000-0000-0000-0000-000000000000' }])
  })

  it('after a leak refuses every token at once, and goes on with a new key', async () => {
    const old = await tokenOf()
    expect(await status(old)).toBe(200)
    const { kid } = await keys.replace()
    await until(async () => (await status(old)) === 401)
    await until(async () => (await published()).join() === kid)
    await until(async () => (await status(await tokenOf())) === 200)
  })
})
