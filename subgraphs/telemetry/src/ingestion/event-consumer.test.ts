import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { randomUUID } from 'node:crypto'
import { createOrm } from '@signalbox/shared/orm'
import { openProxy, until } from '../testing/database-proxy.ts'
import { openBench, runAdvanced, succeedsAfter, viewerOf, type TelemetryBench } from '../testing/telemetry-bench.ts'
import { applyNextBatch } from './event-batch.ts'
import { EventConsumer } from './event-consumer.ts'

const queuedAt = new Date('2026-10-05T10:00:00Z')

describe('the event consumer', () => {
  let bench: TelemetryBench
  beforeAll(async () => void (bench = await openBench()))
  afterAll(() => bench.close())

  const transitionsOf = async (runId: string) =>
    Number(
      (await bench.superuser.query('select count(*) from telemetry.run_transition where run_id = $1', [runId])).rows[0].count,
    )
  const machineOf = async (runId: string) =>
    Number((await bench.superuser.query('select machine_ms from telemetry.run where run_id = $1', [runId])).rows[0]?.machine_ms)

  it('learns organisations, members and workflows, and forgets a member who left', async () => {
    const [organizationId, userId, workflowId] = [randomUUID(), randomUUID(), randomUUID()]
    const saved = { organizationId, name: 'Harbour', kind: 'CLIENT' as const, agencyId: null, timeZone: 'Europe/Berlin' }
    await bench.emit(organizationId, 'organization.saved', saved)
    await bench.emit(organizationId, 'organization.saved', { ...saved, name: 'Harbour Bank' })
    await bench.emit(organizationId, 'membership.changed', { userId, organizationId, role: 'CLIENT_OWNER' })
    await bench.emit(organizationId, 'membership.changed', { userId, organizationId, role: null })
    await bench.emit(organizationId, 'workflow.published', {
      workflowId,
      slug: 'triage',
      name: 'Triage',
      versionId: randomUUID(),
      number: 2,
    })
    await bench.consumer.drain()
    const read = async (table: string) =>
      (await bench.superuser.query(`select * from telemetry.${table} where organization_id = $1`, [organizationId])).rows
    expect(await read('organization')).toMatchObject([{ name: 'Harbour Bank', time_zone: 'Europe/Berlin' }])
    expect(await read('membership')).toEqual([])
    expect(await read('workflow')).toMatchObject([{ slug: 'triage', number: 2 }])
  })

  it('counts an event once that is delivered twice', async () => {
    const organizationId = randomUUID()
    const event = runAdvanced({ queuedAt, steps: succeedsAfter(600_000) })
    await bench.emit(organizationId, 'run.advanced', event)
    await bench.emit(organizationId, 'run.advanced', event)
    await bench.consumer.drain()
    await bench.emit(organizationId, 'run.advanced', event)
    await bench.consumer.drain()
    expect(await transitionsOf(event.runId)).toBe(3)
    expect(await machineOf(event.runId)).toBe(540_000)
  })

  it('counts it once after a crash between reading and committing', async () => {
    const event = runAdvanced({ queuedAt, steps: succeedsAfter(600_000) })
    await bench.emit(randomUUID(), 'run.advanced', event)
    await bench.superuser.query('select events.relay()')
    const position = async () =>
      (await bench.superuser.query('select position from telemetry.consumer')).rows[0].position as string
    const before = await position()
    const crashing = bench.consumerOrm.em.fork().transactional(async (em) => {
      await applyNextBatch(em, bench.log)
      throw new Error('power cut')
    })
    await expect(crashing).rejects.toThrow('power cut')
    expect(await position()).toBe(before)
    expect(await transitionsOf(event.runId)).toBe(0)
    await bench.consumer.drain()
    expect(Number(await position())).toBe(Number(before) + 1)
    expect(await transitionsOf(event.runId)).toBe(3)
  })

  it('lets two processes share the log without counting anything twice', async () => {
    const organizationId = randomUUID()
    const events = Array.from({ length: 40 }, () => runAdvanced({ queuedAt, steps: succeedsAfter(120_000) }))
    for (const event of events) await bench.emit(organizationId, 'run.advanced', event)
    const other = new EventConsumer({ orm: bench.consumerOrm, log: bench.log })
    const [mine, others] = await Promise.all([bench.consumer.drain(), other.drain()])
    expect(mine + others).toBe(40)
    const { rows } = await bench.superuser.query(
      'select count(*)::int as runs, sum(machine_ms)::int as machine from telemetry.run where organization_id = $1',
      [organizationId],
    )
    expect(rows).toEqual([{ runs: 40, machine: 40 * 60_000 }])
  })

  it('sets aside what cannot be applied, with its reason, and goes on', async () => {
    const organizationId = randomUUID()
    const good = runAdvanced({ queuedAt, steps: succeedsAfter(120_000) })
    const malformed = { ...runAdvanced({ queuedAt, steps: [] }), queuedAt: 'yesterday' }
    const saved = { organizationId, name: 'Nowhere', kind: 'CLIENT' as const, agencyId: null, timeZone: 'Mars/Olympus' }
    await bench.emit(organizationId, 'run.advanced', malformed)
    await bench.emit(organizationId, 'organization.saved', saved)
    await bench.emit(organizationId, 'membership.changed', {
      userId: randomUUID(),
      organizationId: randomUUID(),
      role: 'CLIENT_OWNER',
    })
    await bench.emit(organizationId, 'run.advanced', good)
    await bench.consumer.drain()
    const { rows } = await bench.superuser.query(
      'select type, reason from telemetry.dead_letter where organization_id = $1 order by position',
      [organizationId],
    )
    expect(rows).toEqual([
      { type: 'run.advanced', reason: expect.stringContaining('queuedAt') },
      { type: 'organization.saved', reason: expect.stringContaining('Mars/Olympus') },
      { type: 'membership.changed', reason: expect.stringContaining('another organisation') },
    ])
    expect(await transitionsOf(good.runId)).toBe(3)
    await expect(bench.consumer.check()).resolves.toBeUndefined()
  })

  it('passes over a type that it does not handle', async () => {
    await bench.emit(randomUUID(), 'invoice.sent' as 'run.advanced', {} as never)
    await bench.consumer.drain()
    const { rows } = await bench.superuser.query("select from telemetry.dead_letter where type = 'invoice.sent'")
    expect(rows).toEqual([])
  })

  it('says so while the database is away, and goes on by itself afterwards', async () => {
    const event = runAdvanced({ queuedAt, steps: succeedsAfter(120_000) })
    const proxy = await openProxy(bench.database.superuserUrl)
    const orm = await createOrm({
      url: proxy.through(bench.database.url('telemetry_consumer')),
      schema: 'telemetry',
      entities: [],
    })
    const consumer = new EventConsumer({ orm, log: bench.log, pollMs: 20 })
    const isWell = () =>
      consumer.check().then(
        () => true,
        () => false,
      )
    consumer.start()
    try {
      await proxy.cut()
      await until(async () => !(await isWell()))
      await bench.emit(randomUUID(), 'run.advanced', event)
      await proxy.mend()
      await until(async () => (await transitionsOf(event.runId)) === 3)
      await until(isWell)
    } finally {
      await consumer[Symbol.asyncDispose]()
      await orm.close()
      await proxy[Symbol.asyncDispose]()
    }
  })

  it("keeps one tenant's events from another's viewer", async () => {
    const [mine, theirs] = [randomUUID(), randomUUID()]
    const event = runAdvanced({ queuedAt, steps: succeedsAfter(120_000) })
    await bench.emit(mine, 'run.advanced', event)
    await bench.consumer.drain()
    const query = 'query ($r: [_Any!]!) { _entities(representations: $r) { ... on Run { cost { asOfSeq } } } }'
    const r = [{ __typename: 'Run', id: event.runId }]
    expect((await bench.ask(viewerOf(mine), query, { r })).data).toEqual({ _entities: [{ cost: { asOfSeq: 3 } }] })
    expect((await bench.ask(viewerOf(theirs), query, { r })).data).toEqual({ _entities: [{ cost: null }] })
    const em = bench.orm.em.fork()
    for (const table of [
      'run',
      'run_transition',
      'cases',
      'organization',
      'dead_letter',
      'outcome',
      'baseline',
      'snapshot',
      'engagement',
      'membership',
      'workflow',
      'review_decision',
    ]) {
      expect({ table, rows: await em.execute(`select 1 from telemetry.${table}`) }).toEqual({ table, rows: [] })
    }
  })
})
