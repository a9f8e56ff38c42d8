import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals'
import { randomUUID } from 'node:crypto'
import {
  HOUR,
  MINUTE,
  openBench,
  runAdvanced,
  succeedsAfter,
  viewerOf,
  WORKFLOW_ID,
  type TelemetryBench,
} from '../testing/telemetry-bench.ts'
import { MACHINE_PRICE } from './machine-price.ts'

const queuedAt = new Date('2025-10-06T09:00:00Z')
const RUNS = `query ($r: [_Any!]!) { _entities(representations: $r) { ... on Run { cost { total { amount currency } tokens asOfSeq }
  effectiveness { caseId kpi before { median version source } after rolling rollingN delta change percentile version formulaVersion } } } }`
const usage = { inputTokens: 900, outputTokens: 100, model: 'm', costUsd: '0.0021' }

interface Answer {
  _entities: { cost: { total: { amount: string }; asOfSeq: number } | null; effectiveness: Record<string, unknown> | null }[]
}

describe('a run in telemetry', () => {
  let bench: TelemetryBench
  beforeAll(async () => void (bench = await openBench()))
  afterAll(() => bench.close())

  const read = async (organizationId: string, ...ids: string[]) => {
    const r = ids.map((id) => ({ __typename: 'Run', id }))
    const { data, errors } = await bench.ask<Answer>(viewerOf(organizationId), RUNS, { r })
    expect(errors).toEqual([])
    return data!._entities
  }
  const workflowWithBaseline = async (organizationId: string, median = 10, p90 = 20) => {
    await bench.emit(organizationId, 'workflow.published', {
      workflowId: WORKFLOW_ID,
      slug: 'support-triage',
      name: 'T',
      versionId: randomUUID(),
      number: 1,
    })
    await bench.consumer.drain()
    return setBaseline(organizationId, median, p90)
  }
  const setBaseline = (organizationId: string, median: number, p90: number) =>
    bench.ask<{ setBaseline: { baseline: { version: number }; created: boolean } }>(
      viewerOf(organizationId),
      'mutation ($input: SetBaselineInput!) { setBaseline(input: $input) { baseline { version } created } }',
      { input: { kpi: 'TURNAROUND', workflow: 'support-triage', median, p90, n: 30, source: 'LOGGED', window: 'September' } },
    )
  const outcome = (organizationId: string, caseId: string, kind: string, at: Date) =>
    bench.ask(viewerOf(organizationId), 'mutation ($input: RecordOutcomeInput!) { recordOutcome(input: $input) { created } }', {
      input: { key: randomUUID(), caseId, kind, at: at.toISOString() },
    })

  it('costs its models and its machine time, and says up to which transition', async () => {
    const organizationId = randomUUID()
    const first = runAdvanced({
      queuedAt,
      steps: [
        ['QUEUED', 'QUEUED', 0],
        ['STARTED', 'RUNNING', MINUTE],
      ],
    })
    await bench.emit(organizationId, 'run.advanced', first)
    await bench.consumer.drain()
    expect(await read(organizationId, first.runId)).toMatchObject([
      { cost: { total: { amount: '0.00', currency: 'USD' }, tokens: 0, asOfSeq: 2 } },
    ])
    const second = runAdvanced({
      ...first,
      queuedAt,
      fromSeq: 3,
      steps: [
        ['NODE_FINISHED', 'RUNNING', 2 * MINUTE, { node: 'decide', usage }],
        ['REVIEW_REQUESTED', 'WAITING_FOR_REVIEW', 3 * MINUTE, { usage }],
        ['RESUMED', 'RUNNING', 50 * MINUTE],
        ['SUCCEEDED', 'SUCCEEDED', 51 * MINUTE],
      ],
    })
    await bench.emit(organizationId, 'run.advanced', second)
    await bench.consumer.drain()
    const [run] = await read(organizationId, first.runId)
    const machine = 180 * Number(MACHINE_PRICE.usdPerSecond)
    expect(run!.cost).toMatchObject({ tokens: 2_000, asOfSeq: 6 })
    expect(Number(run!.cost!.total.amount)).toBeCloseTo(0.0042 + machine, 8)
  })

  it('is null before anything is known of it, or for an id that is none', async () => {
    expect(await read(randomUUID(), randomUUID(), 'not-an-id')).toEqual([
      { cost: null, effectiveness: null },
      { cost: null, effectiveness: null },
    ])
  })

  it('is one statement a field for a page of them', async () => {
    const organizationId = randomUUID()
    const events = Array.from({ length: 25 }, () => runAdvanced({ queuedAt, steps: succeedsAfter(HOUR) }))
    for (const event of events) await bench.emit(organizationId, 'run.advanced', event)
    await bench.consumer.drain()
    const statements = jest.spyOn(bench.orm.em.getConnection(), 'execute')
    const runs = await read(organizationId, ...events.map((event) => event.runId))
    expect(runs.map((run) => run.cost?.asOfSeq)).toEqual(events.map(() => 3))
    expect(statements.mock.calls.filter(([sql]) => typeof sql === 'string' && sql.includes('from telemetry.')).length).toBe(2)
    statements.mockRestore()
  })

  it('freezes its before and after when its case closes', async () => {
    const organizationId = randomUUID()
    await workflowWithBaseline(organizationId)
    const open = runAdvanced({ queuedAt, steps: succeedsAfter(5 * HOUR).slice(0, 2) })
    const others = [1, 3].map((hours) => runAdvanced({ queuedAt, steps: succeedsAfter(hours * HOUR) }))
    const replay = runAdvanced({ queuedAt, steps: succeedsAfter(HOUR), production: false })
    for (const event of [open, ...others, replay]) await bench.emit(organizationId, 'run.advanced', event)
    await bench.consumer.drain()
    expect((await read(organizationId, open.runId, replay.runId)).map((run) => run.effectiveness)).toEqual([null, null])
    const end = runAdvanced({ ...open, queuedAt, fromSeq: 3, steps: [['SUCCEEDED', 'SUCCEEDED', 5 * HOUR]] })
    await bench.emit(organizationId, 'run.advanced', end)
    await bench.consumer.drain()
    const [run] = await read(organizationId, open.runId)
    expect(run!.effectiveness).toMatchObject({
      caseId: open.runId,
      kpi: 'TURNAROUND',
      before: { median: 10, version: 1, source: 'LOGGED' },
      after: 5,
      rolling: 3,
      rollingN: 3,
      delta: 5,
      change: 0.5,
      version: 1,
      formulaVersion: 1,
    })
    // The 90th percentile is twice the median, so half the median is the 10th: faster than 90 % of before.
    expect(run!.effectiveness!['percentile']).toBeCloseTo(90)
  })

  it('gets a successor from a late outcome, on the same baseline, and keeps the first', async () => {
    const organizationId = randomUUID()
    await workflowWithBaseline(organizationId)
    const event = runAdvanced({ queuedAt, steps: succeedsAfter(5 * HOUR) })
    await bench.emit(organizationId, 'run.advanced', event)
    await bench.consumer.drain()
    expect((await setBaseline(organizationId, 4, 8)).data).toEqual({ setBaseline: { baseline: { version: 2 }, created: true } })
    expect((await setBaseline(organizationId, 4, 8)).data).toEqual({ setBaseline: { baseline: { version: 2 }, created: false } })
    await outcome(organizationId, event.caseId, 'GOAL_MET', new Date(queuedAt.getTime() + 6 * HOUR))
    expect((await read(organizationId, event.runId))[0]!.effectiveness).toMatchObject({ version: 1, after: 5 })
    await outcome(organizationId, event.caseId, 'CASE_CLOSED', new Date(queuedAt.getTime() + 10 * HOUR))
    const [run] = await read(organizationId, event.runId)
    expect(run!.effectiveness).toMatchObject({ version: 2, after: 10, change: 0, before: { median: 10, version: 1 } })
    expect(run!.effectiveness!['percentile']).toBeCloseTo(50)
    const { rows } = await bench.superuser.query(
      'select version, after_value from telemetry.snapshot where run_id = $1 order by version',
      [event.runId],
    )
    expect(rows).toEqual([
      { version: 1, after_value: 5 },
      { version: 2, after_value: 10 },
    ])
  })

  it('waits for the outcome that closes a named case', async () => {
    const organizationId = randomUUID()
    await workflowWithBaseline(organizationId)
    const event = runAdvanced({ queuedAt, caseId: 'invoice-9', steps: succeedsAfter(HOUR) })
    await bench.emit(organizationId, 'run.advanced', event)
    await bench.consumer.drain()
    expect((await read(organizationId, event.runId))[0]!.effectiveness).toBeNull()
    await outcome(organizationId, 'invoice-9', 'CASE_CLOSED', new Date(queuedAt.getTime() + 2 * HOUR))
    expect((await read(organizationId, event.runId))[0]!.effectiveness).toMatchObject({ caseId: 'invoice-9', after: 2 })
  })

  it('cannot be rewritten, not even by the service', async () => {
    for (const table of ['snapshot', 'baseline', 'outcome']) {
      await expect(
        bench.orm.em.fork().execute(`update telemetry.${table} set organization_id = organization_id`),
      ).rejects.toThrow(/permission denied/)
    }
  })
})
