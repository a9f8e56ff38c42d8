import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { parse, subscribe, type ExecutionResult } from 'graphql'
import { randomUUID } from 'node:crypto'
import type { Viewer } from '@signalbox/shared/viewer'
import type { KpiReport } from './kpi.types.ts'
import { DatabaseListener } from '../ingestion/database-listener.ts'
import { HOUR, openBench, runAdvanced, succeedsAfter, viewerOf, type TelemetryBench } from '../testing/telemetry-bench.ts'

const SUBSCRIPTION = parse('subscription ($range: TimeRange!) { kpisChanged(range: $range) { turnaround { n } } }')
const variableValues = { range: { from: '2025-10-06T00:00:00Z', to: '2025-10-13T00:00:00Z' } }

describe('kpisChanged', () => {
  let bench: TelemetryBench
  let listener: DatabaseListener
  beforeAll(async () => {
    bench = await openBench()
    const connected = Promise.withResolvers<void>()
    const channels = { telemetry_changed: (id: string) => bench.changes.publish(id) }
    listener = new DatabaseListener({
      url: bench.database.url('telemetry_app'),
      log: bench.log,
      channels,
      onConnected: connected.resolve,
    })
    listener.start()
    await connected.promise
  })
  afterAll(async () => {
    await listener[Symbol.asyncDispose]()
    await bench.close()
  })

  const follow = (viewer: Viewer) =>
    subscribe({ schema: bench.schema, document: SUBSCRIPTION, variableValues, contextValue: bench.contextOf(viewer) })
  const run = async (organizationId: string) => {
    await bench.emit(
      organizationId,
      'run.advanced',
      runAdvanced({ queuedAt: new Date('2025-10-06T09:00:00Z'), steps: succeedsAfter(HOUR) }),
    )
    await bench.consumer.drain()
  }

  it('follows the figures of its own organisation only, and lets go at once', async () => {
    const [mine, theirs] = [randomUUID(), randomUUID()]
    const stream = (await follow(viewerOf(mine))) as AsyncGenerator<ExecutionResult>
    const next = stream.next()
    await run(theirs)
    await run(mine)
    expect((await next).value).toMatchObject({ data: { kpisChanged: { turnaround: { n: 1 } } } })
    await run(mine)
    await run(mine)
    let latest = 1
    while (latest < 3)
      latest = ((await stream.next()).value as { data: { kpisChanged: KpiReport } }).data.kpisChanged.turnaround.n
    expect(latest).toBe(3)
    const waiting = stream.next()
    await stream.return(undefined)
    expect(await waiting).toMatchObject({ done: true })
    expect(bench.changes.subscribers).toBe(0)
  })

  it('refuses who may not read them before the first event', async () => {
    const refused = (await follow(viewerOf(randomUUID(), [], ['wrm:read']))) as ExecutionResult
    expect(refused.errors?.[0]?.extensions['code']).toBe('FORBIDDEN')
    expect(bench.changes.subscribers).toBe(0)
  })

  it('goes on after its connection was cut', async () => {
    const organizationId = randomUUID()
    const stream = (await follow(viewerOf(organizationId))) as AsyncGenerator<ExecutionResult>
    await bench.superuser.query(
      "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and query like 'listen%'",
    )
    const next = stream.next()
    let arrived = false
    void next.then(() => (arrived = true))
    while (!arrived) await run(organizationId)
    expect((await next).value).toMatchObject({ data: { kpisChanged: { turnaround: { n: expect.any(Number) } } } })
    await stream.return(undefined)
  })
})
