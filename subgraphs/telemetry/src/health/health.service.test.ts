import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { randomUUID } from 'node:crypto'
import { openBench, runAdvanced, viewerOf, type Step, type TelemetryBench } from '../testing/telemetry-bench.ts'
import type { TechnicalHealth } from './health.types.ts'

const noon = new Date('2025-10-06T12:30:00Z')
const HEALTH = `query ($range: TimeRange!, $workflow: String) { technicalHealth(range: $range, workflow: $workflow) {
  runs succeeded failed active errorRate retries inputTokens outputTokens cost { amount } costPerRun { amount } bucketSize
  runLatency { n p50 p90 p99 } machineLatency { n p50 } queueWait { n p50 }
  nodes { node executions failures retries latency { n p50 p99 } } failures { code count rate } throughput { at started succeeded failed } } }`
const range = { from: '2025-10-06T12:00:00Z', to: '2025-10-06T15:00:00Z' }
const usage = { inputTokens: 10, outputTokens: 5, model: 'm', costUsd: '0.5' }

const good = (ms: number): Step[] => [
  ['QUEUED', 'QUEUED', 0],
  ['STARTED', 'RUNNING', 100],
  ['NODE_FINISHED', 'RUNNING', 100 + ms, { node: 'plan', durationMs: ms, usage }],
  ['SUCCEEDED', 'SUCCEEDED', 200 + ms],
]
const bad: Step[] = [
  ['QUEUED', 'QUEUED', 0],
  ['STARTED', 'RUNNING', 100],
  ['NODE_FAILED', 'RUNNING', 1_000, { node: 'plan', durationMs: 900, failureCode: 'MODEL_DOWN' }],
  ['RETRY_SCHEDULED', 'RETRYING', 1_000, { node: 'plan' }],
  ['NODE_FAILED', 'RUNNING', 3_600_000, { node: 'plan', durationMs: 900, failureCode: 'MODEL_DOWN' }],
  ['FAILED', 'FAILED', 3_600_000, { failureCode: 'MODEL_DOWN' }],
]

describe('technicalHealth', () => {
  let bench: TelemetryBench
  beforeAll(async () => void (bench = await openBench()))
  afterAll(() => bench.close())

  const ask = (organizationId: string, variables = {}) =>
    bench.ask<{ technicalHealth: TechnicalHealth }>(viewerOf(organizationId), HEALTH, { range, ...variables })

  it('counts runs, nodes, failures, tokens and cost of the range', async () => {
    const organizationId = randomUUID()
    const stories = [good(1_000), good(3_000), bad, good(1_000).slice(0, 1)]
    for (const steps of stories) await bench.emit(organizationId, 'run.advanced', runAdvanced({ queuedAt: noon, steps }))
    const before = new Date('2025-10-06T11:00:00Z')
    await bench.emit(organizationId, 'run.advanced', runAdvanced({ queuedAt: before, steps: good(1_000) }))
    await bench.consumer.drain()
    const { data, errors } = await ask(organizationId)
    expect(errors).toEqual([])
    expect(data!.technicalHealth).toMatchObject({
      runs: 4,
      succeeded: 2,
      failed: 1,
      active: 1,
      retries: 1,
      inputTokens: 20,
      outputTokens: 10,
      bucketSize: 'HOUR',
      runLatency: { n: 3, p50: 3_200 },
      queueWait: { n: 3, p50: 100 },
      nodes: [{ node: 'plan', executions: 4, failures: 2, retries: 1, latency: { n: 4, p50: 950 } }],
      failures: [{ code: 'MODEL_DOWN', count: 3, rate: 0.75 }],
      throughput: [
        { started: 4, succeeded: 2, failed: 0 },
        { started: 0, succeeded: 0, failed: 1 },
        { started: 0, succeeded: 0, failed: 0 },
      ],
    })
    expect(data!.technicalHealth.errorRate).toBeCloseTo(1 / 3)
    expect(Number(data!.technicalHealth.cost.amount)).toBeGreaterThan(1)
  })

  it('says nothing rather than zero where nothing happened, and nothing of others', async () => {
    const { data } = await ask(randomUUID())
    expect(data!.technicalHealth).toMatchObject({
      runs: 0,
      errorRate: null,
      costPerRun: null,
      runLatency: { n: 0, p50: null },
      nodes: [],
    })
    expect((await ask(randomUUID(), { workflow: 'support-triage' })).code).toBe('NOT_FOUND')
  })

  it('counts by day over a longer range', async () => {
    const { data } = await ask(randomUUID(), { range: { from: '2025-10-01T00:00:00Z', to: '2025-10-11T00:00:00Z' } })
    expect(data!.technicalHealth).toMatchObject({ bucketSize: 'DAY' })
    expect(data!.technicalHealth.throughput).toHaveLength(10)
  })
})
