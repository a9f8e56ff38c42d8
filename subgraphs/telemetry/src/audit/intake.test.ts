import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { migrateEvents } from '@signalbox/shared/events/migrate'
import { createTestDatabase, type TestDatabase } from '@signalbox/shared/testing/database'
import { ServiceKeys } from '@signalbox/shared/testing/service-keys'
import { randomUUID } from 'node:crypto'
import pg from 'pg'
import { startApp } from '../app.ts'
import { readTelemetryEnv } from '../env.ts'
import { migrateTelemetry } from '../migrations.ts'
import { until } from '../testing/database-proxy.ts'
import { auditRecord } from '../testing/telemetry-bench.ts'

/** The gateway's way into the trail. */
describe('POST /audit', () => {
  const keys = new ServiceKeys()
  const organizationId = randomUUID()
  let database: TestDatabase
  let superuser: pg.Client
  let app: Awaited<ReturnType<typeof startApp>>
  beforeAll(async () => {
    database = await createTestDatabase(
      'telemetry',
      (url) => migrateEvents(url('events_owner')),
      (url) => migrateTelemetry(url('telemetry_owner')),
    )
    superuser = new pg.Client({ connectionString: database.superuserUrl })
    await superuser.connect()
    const env = {
      NODE_ENV: 'test',
      LOG_LEVEL: 'silent',
      PORT: '0',
      PUBLIC_URL: 'http://127.0.0.1:4600',
      ISSUER: 'http://127.0.0.1:4600/oidc',
      JWKS_URL: 'http://127.0.0.1:1/',
      DATABASE_URL: database.url('telemetry_app'),
      CONSUMER_DATABASE_URL: database.url('telemetry_consumer'),
      ...keys.envOf('telemetry'),
    }
    app = await startApp(readTelemetryEnv(env))
  })
  afterAll(async () => {
    await app[Symbol.asyncDispose]()
    await superuser.end()
    await database.drop()
  })

  const denied = auditRecord({
    action: 'access.denied',
    outcome: 'DENIED',
    actor: { kind: 'USER', id: randomUUID() },
    details: { reason: 'scope', count: 12 },
  })
  const send = (body: unknown, caller = 'gateway') =>
    keys.fetch('telemetry', `${app.address}/audit`, { method: 'POST', body: JSON.stringify(body) }, caller)
  const kept = async () => {
    const { rows } = await superuser.query(
      'select organization_id, action, weight::int from telemetry.audit_event order by position',
    )
    return rows as { organization_id: string; action: string; weight: number }[]
  }

  it('takes refusals from the gateway into the trail of their organisation, and of the platform', async () => {
    const entries = [
      { organizationId, record: denied },
      { organizationId: null, record: auditRecord({ action: 'token.refused', outcome: 'DENIED' }) },
    ]
    expect((await send({ entries })).status).toBe(204)
    await until(async () => (await kept()).length === 2)
    expect(await kept()).toEqual([
      { organization_id: organizationId, action: 'access.denied', weight: 12 },
      { organization_id: '00000000-0000-0000-0000-000000000000', action: 'token.refused', weight: 1 },
    ])
  })

  it.each<[what: string, body: unknown]>([
    ['a decision that the gateway made up', { entries: [{ organizationId, record: auditRecord({ action: 'review.decided' }) }] }],
    ['a refusal that was none', { entries: [{ organizationId, record: { ...denied, outcome: 'ALLOWED' } }] }],
    ['an organisation that is none', { entries: [{ organizationId: 'x', record: denied }] }],
    ['no entries', { entries: [] }],
    ['too many', { entries: Array.from({ length: 201 }, () => ({ organizationId, record: denied })) }],
    ['something else', []],
  ])('refuses %s', async (_what, body) => {
    const before = (await kept()).length
    const response = await send(body)
    expect([response.status, await response.json()]).toEqual([
      400,
      { errors: [{ message: 'This is no list of audit entries.', extensions: { code: 'BAD_USER_INPUT', fields: [] } }] },
    ])
    expect((await kept()).length).toBe(before)
  })

  it('is closed to everybody but the gateway', async () => {
    const body = JSON.stringify({ entries: [{ organizationId, record: denied }] })
    const unsigned = await fetch(`${app.address}/audit`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    })
    expect(unsigned.status).toBe(401)
    expect((await send({ entries: [{ organizationId, record: denied }] }, 'workflow')).status).toBe(401)
  })

  it('leaves the metrics open, like the probes', async () => {
    const response = await fetch(`${app.address}/metrics`)
    expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8')
    expect(await response.text()).toContain('signalbox_alerts_raised_total{rule="SCOPE_MISUSE"} 1\n')
  })
})
