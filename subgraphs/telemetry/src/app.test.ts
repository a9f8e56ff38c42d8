import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { migrateEvents } from '@signalbox/shared/events/migrate'
import { createTestDatabase, type TestDatabase } from '@signalbox/shared/testing/database'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import { randomUUID } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import pg from 'pg'
import { startApp } from './app.ts'
import { readTelemetryEnv } from './env.ts'
import { migrateTelemetry } from './migrations.ts'
import { openProxy, until } from './testing/database-proxy.ts'
import { runAdvanced, succeedsAfter } from './testing/telemetry-bench.ts'

const ISSUER = 'http://127.0.0.1:4600/oidc'
const AUDIENCE = 'urn:signalbox:api'

describe('the telemetry service', () => {
  let database: TestDatabase
  let jwks: Server
  let token: (organizationId: string) => Promise<string>

  beforeAll(async () => {
    database = await createTestDatabase(
      'telemetry',
      (url) => migrateEvents(url('events_owner')),
      (url) => migrateTelemetry(url('telemetry_owner')),
    )
    const { privateKey, publicKey } = await generateKeyPair('ES256')
    const key = { ...(await exportJWK(publicKey)), kid: 'test', alg: 'ES256' }
    jwks = createServer((_request, response) => response.end(JSON.stringify({ keys: [key] })))
    await new Promise<void>((resolve) => jwks.listen(0, '127.0.0.1', resolve))
    token = (org) =>
      new SignJWT({ org, orgs: [org], scope: 'kpi:read', kind: 'USER' })
        .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid: 'test' })
        .setIssuer(ISSUER)
        .setAudience(AUDIENCE)
        .setSubject(randomUUID())
        .setIssuedAt()
        .setExpirationTime('5m')
        .sign(privateKey)
  })
  afterAll(async () => {
    jwks.close()
    await database.drop()
  })

  const start = (through: (url: string) => string) =>
    startApp(
      readTelemetryEnv({
        NODE_ENV: 'test',
        LOG_LEVEL: 'silent',
        PORT: '0',
        PUBLIC_URL: 'http://127.0.0.1:4600',
        ISSUER,
        AUDIENCE,
        JWKS_URL: `http://127.0.0.1:${(jwks.address() as AddressInfo).port}/`,
        DATABASE_URL: through(database.url('telemetry_app')),
        CONSUMER_DATABASE_URL: through(database.url('telemetry_consumer')),
      }),
    )
  const ready = async (address: string) => (await (await fetch(`${address}/ready`)).json()) as { status: string; parts: object }
  const costOf = async (address: string, organizationId: string, id: string) => {
    const response = await fetch(`${address}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${await token(organizationId)}` },
      body: JSON.stringify({
        query: 'query ($r: [_Any!]!) { _entities(representations: $r) { ... on Run { cost { asOfSeq } } } }',
        variables: { r: [{ __typename: 'Run', id }] },
      }),
    })
    return ((await response.json()) as { data: { _entities: [{ cost: { asOfSeq: number } | null }] } }).data._entities[0].cost
  }
  const emit = async (organizationId: string) => {
    const event = runAdvanced({ queuedAt: new Date('2025-10-06T09:00:00Z'), steps: succeedsAfter(60_000) })
    const emitter = new pg.Client({ connectionString: database.url('workflow_app') })
    await emitter.connect()
    await emitter.query("select set_config('app.organization', $1, false)", [organizationId])
    await emitter.query("select events.append($1, 'run.advanced', $2)", [organizationId, event])
    await emitter.end()
    return event.runId
  }

  it('follows the events that others append', async () => {
    const app = await start((url) => url)
    try {
      const organizationId = randomUUID()
      const runId = await emit(organizationId)
      await until(async () => (await costOf(app.address, organizationId, runId))?.asOfSeq === 3)
      expect(await ready(app.address)).toEqual({ status: 'ok', parts: { database: 'ok', events: 'ok' } })
    } finally {
      await app[Symbol.asyncDispose]()
    }
  })

  it('starts without its database, says so, and catches up when it comes, goes and comes again', async () => {
    const proxy = await openProxy(database.superuserUrl)
    await proxy.cut()
    const app = await start(proxy.through)
    try {
      const organizationId = randomUUID()
      for (let round = 0; round < 2; round += 1) {
        await until(async () => {
          const { status, parts } = await ready(app.address)
          return status === 'degraded' && Object.values(parts).every((part) => part === 'down')
        })
        const runId = await emit(organizationId)
        await proxy.mend()
        await until(async () => (await costOf(app.address, organizationId, runId).catch(() => null))?.asOfSeq === 3)
        await until(async () => (await ready(app.address)).status === 'ok')
        await proxy.cut()
      }
    } finally {
      await app[Symbol.asyncDispose]()
      await proxy[Symbol.asyncDispose]()
    }
  })

  it('refuses to start on a schema that is behind', async () => {
    const bare = await createTestDatabase('events', (url) => migrateEvents(url('events_owner')))
    const toBare = (url: string) => url.replace(new URL(database.superuserUrl).pathname, new URL(bare.superuserUrl).pathname)
    await expect(start(toBare)).rejects.toThrow(/lacks migrations: 0001_projections/)
    await bare.drop()
  })
})
