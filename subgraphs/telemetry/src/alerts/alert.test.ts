import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import type { AuditRecord } from '@signalbox/shared/audit'
import { execute, parse, subscribe, type ExecutionResult } from 'graphql'
import { randomUUID } from 'node:crypto'
import { DatabaseListener } from '../ingestion/database-listener.ts'
import { EventConsumer } from '../ingestion/event-consumer.ts'
import { auditRecord, MINUTE, openBench, viewerOf, type TelemetryBench } from '../testing/telemetry-bench.ts'
import { Metrics } from './metrics.ts'
import { RULES } from './rules.ts'

const FIELDS = `id rule severity title whatHappened whyItMatters whatToDo count source startedAt lastAt acknowledgedAt
  actor { __typename ... on User { id } ... on ServiceClient { id } } acknowledgedBy { ... on User { id } } organization { id }`
const ALERTS = `query ($filter: AlertFilter, $first: Int, $after: String) {
  alerts(filter: $filter, first: $first, after: $after) { totalCount nodes { ${FIELDS} } pageInfo { endCursor hasNextPage } }
}`
const ACKNOWLEDGE = `mutation ($id: ID!) { acknowledgeAlert(input: { id: $id }) { alert { ${FIELDS} } } }`

interface Told extends Record<string, unknown> {
  id: string
  rule: string
  count: number
}
interface Alerts {
  alerts: { totalCount: number; nodes: Told[]; pageInfo: { endCursor: string; hasNextPage: boolean } }
}

const user = (id: string = randomUUID()) => ({ kind: 'USER', id })
const denied = (actor = user()): Partial<AuditRecord> & Pick<AuditRecord, 'action'> => ({
  action: 'access.denied',
  outcome: 'DENIED',
  actor,
  details: { reason: 'scope' },
})

describe('alerts', () => {
  let bench: TelemetryBench
  let organizationId: string
  beforeAll(async () => void (bench = await openBench()))
  afterAll(() => bench.close())
  beforeEach(() => {
    organizationId = randomUUID()
    bench.alerts.length = 0
  })

  const list = async (variables: Record<string, unknown> = {}, viewer = viewerOf(organizationId)) =>
    (await bench.ask<Alerts>(viewer, ALERTS, variables)).data!.alerts
  const times = async (count: number, entry: Parameters<TelemetryBench['record']>[1], owner: string | null = organizationId) => {
    for (let index = 0; index < count; index += 1) await bench.record(owner, entry)
  }
  /** As if it had happened so long ago. */
  const recordAgo = (ms: number, entry: Parameters<typeof auditRecord>[0]) =>
    bench.superuser.query(
      `insert into events.outbox (organization_id, type, payload, occurred_at) values ($1, 'audit.recorded', $2, clock_timestamp() - make_interval(secs => $3))`,
      [organizationId, auditRecord(entry), ms / 1000],
    )

  it('raises one when an account is refused again and again, in words, and only then', async () => {
    const actor = user()
    await times(9, denied(actor))
    await bench.consumer.drain()
    expect((await list()).totalCount).toBe(0)
    await times(1, denied(actor))
    await bench.consumer.drain()
    const { nodes } = await list()
    expect(nodes).toHaveLength(1)
    expect(nodes[0]).toMatchObject({
      rule: 'SCOPE_MISUSE',
      severity: 'WARNING',
      count: 10,
      actor: { __typename: 'User', id: actor.id },
      organization: { id: organizationId },
      acknowledgedAt: null,
      source: null,
    })
    expect(nodes[0]!['whatHappened']).toBe(
      'The same account was refused 10 times within 5 minutes, because its role does not allow what it asked for.',
    )
    expect(bench.alerts).toMatchObject([{ rule: 'SCOPE_MISUSE', raised: true, count: 10, organizationId }])
  })

  it('does not add up what different accounts, or other refusals, did', async () => {
    for (let index = 0; index < 12; index += 1) await bench.record(organizationId, denied())
    await times(12, { ...denied(user()), details: { reason: 'forgery' } })
    await times(12, { ...denied(user()), actor: null })
    await bench.consumer.drain()
    expect((await list()).totalCount).toBe(0)
  })

  it('counts on within its window instead of raising another', async () => {
    const actor = user()
    await times(10, denied(actor))
    await bench.consumer.drain()
    await times(2, denied(actor))
    await bench.consumer.drain()
    await bench.record(organizationId, { ...denied(actor), details: { reason: 'scope', count: 30 } })
    await bench.consumer.drain()
    expect((await list()).nodes.map(({ count }) => count)).toEqual([42])
    expect(bench.alerts.map(({ raised, count }) => [raised, count])).toEqual([
      [true, 10],
      [false, 12],
      [false, 42],
    ])
  })

  it('raises the next one after the window, also when all entries come at once', async () => {
    const actor = user()
    for (const ago of [20, 14, 13, 0]) {
      for (let index = 0; index < 10; index += 1) await recordAgo(ago * MINUTE + (10 - index) * 100, denied(actor))
    }
    await bench.consumer.drain()
    expect((await list()).nodes.map(({ count }) => count)).toEqual([10, 20, 10])
  })

  it('forgets what lies further back than the window', async () => {
    const actor = user()
    for (let index = 0; index < 9; index += 1) await recordAgo(6 * MINUTE, denied(actor))
    await times(9, denied(actor))
    await bench.consumer.drain()
    expect((await list()).totalCount).toBe(0)
  })

  it('forgets nothing when telemetry starts anew in the middle of a burst', async () => {
    const actor = user()
    await times(6, denied(actor))
    await bench.consumer.drain()
    await times(4, denied(actor))
    await new EventConsumer({ orm: bench.consumerOrm, log: bench.log }).drain()
    expect((await list()).nodes).toMatchObject([{ rule: 'SCOPE_MISUSE', count: 10 }])
  })

  it.each<[rule: string, count: number, entry: Partial<AuditRecord> & Pick<AuditRecord, 'action'>, what: object]>([
    ['FAILED_SIGN_INS', 10, { action: 'sign_in.failed', outcome: 'FAILED' }, { severity: 'WARNING', actor: null }],
    ['REFRESH_REUSED', 1, { action: 'refresh.reused', outcome: 'DENIED', actor: user() }, { severity: 'CRITICAL' }],
    ['REQUEST_BURST', 20, { action: 'rate.limited', outcome: 'DENIED' }, { source: '203.0.113.0/24' }],
    ['TOKENS_REFUSED', 20, { action: 'token.refused', outcome: 'DENIED' }, { source: '203.0.113.0/24' }],
    [
      'REVOKED_CLIENT_USED',
      1,
      {
        action: 'token.refused',
        outcome: 'DENIED',
        source: null,
        actor: { kind: 'SERVICE_CLIENT', id: '0190a000-0000-7000-8000-0000000000c1' },
        details: { reason: 'revoked' },
      },
      { severity: 'CRITICAL', actor: { __typename: 'ServiceClient', id: '0190a000-0000-7000-8000-0000000000c1' } },
    ],
  ])('notices %s after %d', async (rule, count, entry, what) => {
    await times(count - 1, entry)
    await bench.consumer.drain()
    expect((await list({ filter: { rule: [rule] } })).totalCount).toBe(0)
    await times(1, entry)
    await bench.consumer.drain()
    expect((await list({ filter: { rule: [rule] } })).nodes).toMatchObject([{ rule, count, ...what }])
  })

  it('notices what concerns the whole platform without telling an organisation', async () => {
    const organizations = Array.from({ length: 10 }, () => randomUUID())
    for (const id of organizations) await times(5, { action: 'sign_in.failed', outcome: 'FAILED' }, id)
    await bench.consumer.drain()
    expect(bench.alerts.at(-1)).toMatchObject({
      rule: 'PLATFORM_FAILED_SIGN_INS',
      organizationId: '00000000-0000-0000-0000-000000000000',
    })
    expect((await list({}, viewerOf(organizations[0]!, organizations))).totalCount).toBe(0)
  })

  it('notices codes that one network asks for, for many addresses, and not many for one', async () => {
    const asked = (id: string): Parameters<TelemetryBench['record']>[1] => ({
      action: 'code.requested',
      source: '198.51.100.0/24',
      details: { address: id },
    })
    await times(30, asked('one'), null)
    await bench.consumer.drain()
    expect(bench.alerts).toEqual([])
    for (let index = 0; index < 19; index += 1) await bench.record(index % 2 ? organizationId : null, asked(`u${index}`))
    await bench.consumer.drain()
    expect(bench.alerts).toMatchObject([{ rule: 'CODES_FOR_MANY_ADDRESSES', count: 20, raised: true }])
  })

  it('is acknowledged once, by whom the trail tells', async () => {
    await bench.record(organizationId, { action: 'refresh.reused', actor: user() })
    await bench.consumer.drain()
    const [alert] = (await list()).nodes
    const viewer = viewerOf(organizationId)
    const acknowledge = (who = viewer) => bench.ask<{ acknowledgeAlert: { alert: Told } }>(who, ACKNOWLEDGE, { id: alert!.id })
    const first = await acknowledge()
    expect(first.data!.acknowledgeAlert.alert).toMatchObject({
      acknowledgedBy: { id: viewer.actorId },
      acknowledgedAt: expect.any(String),
    })
    expect((await acknowledge(viewerOf(organizationId))).data!.acknowledgeAlert.alert['acknowledgedBy']).toEqual({
      id: viewer.actorId,
    })
    expect((await list({ filter: { open: true } })).totalCount).toBe(0)
    expect((await list({ filter: { open: false } })).totalCount).toBe(1)
    await bench.consumer.drain()
    const trail = await bench.ask<{ auditEvents: { nodes: object[] } }>(
      viewer,
      '{ auditEvents(filter: { action: ["alert.acknowledged"] }) { nodes { target { id } actorId details } } }',
    )
    expect(trail.data!.auditEvents.nodes).toEqual([
      { target: { id: alert!.id }, actorId: viewer.actorId, details: { rule: 'REFRESH_REUSED' } },
    ])
  })

  it('belongs to its organisation; its agency reads it', async () => {
    await bench.record(organizationId, { action: 'refresh.reused', actor: user() })
    await bench.consumer.drain()
    const [{ id }] = (await list()).nodes as [Told]
    const agency = randomUUID()
    expect((await list({}, viewerOf(agency, [agency, organizationId]))).totalCount).toBe(1)
    expect((await list({}, viewerOf(randomUUID()))).totalCount).toBe(0)
    const code = async (viewer: ReturnType<typeof viewerOf>, asked = id) =>
      (await bench.ask(viewer, ACKNOWLEDGE, { id: asked })).code
    expect(await code(viewerOf(randomUUID()))).toBe('NOT_FOUND')
    expect(await code(viewerOf(agency, [agency, organizationId]))).toBe('FORBIDDEN')
    expect(await code(viewerOf(organizationId, [organizationId], ['kpi:read']))).toBe('FORBIDDEN')
    expect(await code(viewerOf(organizationId), 'nonsense')).toBe('NOT_FOUND')
    expect((await list()).nodes[0]!['acknowledgedAt']).toBeNull()
  })

  it('pages', async () => {
    for (let index = 0; index < 3; index += 1) await bench.record(organizationId, { action: 'refresh.reused', actor: user() })
    await bench.consumer.drain()
    const page = await list({ first: 2 })
    const rest = await list({ first: 2, after: page.pageInfo.endCursor })
    expect([page.nodes.length, page.totalCount, rest.nodes.length, rest.pageInfo.hasNextPage]).toEqual([2, 3, 1, false])
  })

  describe('for a subscriber', () => {
    let listener: DatabaseListener
    beforeAll(async () => {
      const { promise: connected, resolve } = Promise.withResolvers<void>()
      listener = new DatabaseListener({
        url: bench.database.url('telemetry_app'),
        log: bench.log,
        channels: { telemetry_alerts: (payload) => bench.alertFeed.publish(payload) },
        onConnected: resolve,
      })
      listener.start()
      await connected
    })
    afterAll(() => listener[Symbol.asyncDispose]())

    const follow = async (viewer = viewerOf(organizationId)) =>
      (await subscribe({
        schema: bench.schema,
        document: parse(`subscription { alertRaised { ${FIELDS} } }`),
        contextValue: bench.contextOf(viewer),
      })) as AsyncIterableIterator<ExecutionResult<{ alertRaised: Told }>>

    it('comes as it is raised, as it grows and as it is acknowledged, to its own people only', async () => {
      const stranger = await follow(viewerOf(randomUUID()))
      const events = await follow()
      const next = async () => (await events.next()).value!.data!.alertRaised
      const actor = user()
      await bench.record(organizationId, { action: 'refresh.reused', actor })
      await bench.consumer.drain()
      const raised = await next()
      expect(raised).toMatchObject({ rule: 'REFRESH_REUSED', count: 1, actor: { id: actor.id } })
      await bench.record(organizationId, { action: 'refresh.reused', actor })
      await bench.consumer.drain()
      expect(await next()).toMatchObject({ id: raised.id, count: 2 })
      const document = parse(ACKNOWLEDGE)
      await execute({
        schema: bench.schema,
        document,
        variableValues: { id: raised.id },
        contextValue: bench.contextOf(viewerOf(organizationId)),
      })
      expect(await next()).toMatchObject({ id: raised.id, acknowledgedAt: expect.any(String) })
      const silent = stranger.next()
      await stranger.return!()
      expect((await silent).done).toBe(true)
      await events.return!()
    })

    it('is caught up with after a lost connection, and not told twice', async () => {
      const events = await follow()
      await bench.record(organizationId, { action: 'refresh.reused', actor: user() })
      await bench.consumer.drain()
      const { value } = await events.next()
      bench.alertFeed.publish(null)
      bench.alertFeed.publish(null)
      await bench.superuser.query(
        `insert into telemetry.alert (organization_id, rule, severity, subject, subject_kind, count, started_at, last_at, window_ends_at)
         select $1, 'SCOPE_MISUSE', 'WARNING', 'USER:x', 'ACTOR', 10, now(), now(), now()`,
        [organizationId],
      )
      bench.alertFeed.publish(null)
      expect(value!.data!.alertRaised.rule).toBe('REFRESH_REUSED')
      expect((await events.next()).value!.data!.alertRaised.rule).toBe('SCOPE_MISUSE')
      await events.return!()
    })

    it('is refused without the scope', async () => {
      const result = await follow(viewerOf(organizationId, [organizationId], ['kpi:read']))
      expect((result as ExecutionResult).errors?.[0]?.extensions['code']).toBe('FORBIDDEN')
    })
  })

  it('is counted for Prometheus by rule, without a tenant', () => {
    const metrics = new Metrics()
    const alert = { id: randomUUID(), organizationId, rule: 'REFRESH_REUSED' as const, severity: 'CRITICAL', count: 1 }
    metrics.applied(5, [
      { ...alert, raised: true },
      { ...alert, raised: false },
    ])
    const text = String(metrics)
    expect(text).toContain('signalbox_alerts_raised_total{rule="REFRESH_REUSED"} 1\n')
    expect(text).toContain('signalbox_alerts_raised_total{rule="SCOPE_MISUSE"} 0\n')
    expect(text).toContain('signalbox_events_applied_total 5\n')
    expect(text).not.toContain(organizationId)
    expect(text.match(/^signalbox_alerts_raised_total/gm)).toHaveLength(RULES.length)
  })
})
