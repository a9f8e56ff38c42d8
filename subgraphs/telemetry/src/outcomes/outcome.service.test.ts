import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { randomUUID } from 'node:crypto'
import { openBench, runAdvanced, succeedsAfter, viewerOf, type TelemetryBench } from '../testing/telemetry-bench.ts'

const RECORD =
  'mutation ($input: RecordOutcomeInput!) { recordOutcome(input: $input) { outcome { key caseId kind at value } created } }'
const outcome = { key: 'ticket-7-rated', caseId: 'ticket-7', kind: 'RATED', at: '2025-10-06T12:00:00.000Z', value: 4 }

describe('recordOutcome', () => {
  let bench: TelemetryBench
  beforeAll(async () => void (bench = await openBench()))
  afterAll(() => bench.close())

  it('records a key once, however often it is sent', async () => {
    const viewer = viewerOf(randomUUID())
    const first = await bench.ask(viewer, RECORD, { input: outcome })
    expect(first.data).toEqual({ recordOutcome: { outcome, created: true } })
    const again = await bench.ask(viewer, RECORD, { input: outcome })
    expect(again.data).toEqual({ recordOutcome: { outcome, created: false } })
    const { rows } = await bench.superuser.query('select from telemetry.outcome where organization_id = $1', [
      viewer.organizationId,
    ])
    expect(rows).toHaveLength(1)
  })

  it('gives one of two that race the same answer', async () => {
    const viewer = viewerOf(randomUUID())
    const answers = await Promise.all(
      [1, 2, 3].map(() => bench.ask<{ recordOutcome: { created: boolean } }>(viewer, RECORD, { input: outcome })),
    )
    expect(answers.flatMap(({ errors }) => errors)).toEqual([])
    expect(answers.filter(({ data }) => data!.recordOutcome.created)).toHaveLength(1)
  })

  it('refuses a key that stands for something else, and shows what it stands for', async () => {
    const viewer = viewerOf(randomUUID())
    await bench.ask(viewer, RECORD, { input: outcome })
    const { errors } = await bench.ask(viewer, RECORD, { input: { ...outcome, value: 5 } })
    expect(errors[0]!.extensions).toMatchObject({ code: 'CONFLICT', current: { key: outcome.key, value: 4 } })
  })

  it('lets two organisations use the same key and the same case', async () => {
    for (const viewer of [viewerOf(randomUUID()), viewerOf(randomUUID())]) {
      expect((await bench.ask(viewer, RECORD, { input: outcome })).data).toMatchObject({ recordOutcome: { created: true } })
    }
  })

  it('names every field that cannot be', async () => {
    const input = { key: '', caseId: 'c', kind: 'RATED', at: new Date(Date.now() + 86_400_000).toISOString(), value: 6 }
    const { errors } = await bench.ask(viewerOf(randomUUID()), RECORD, { input })
    expect(errors[0]!.extensions).toMatchObject({
      code: 'BAD_USER_INPUT',
      fields: [{ path: 'input.key' }, { path: 'input.at' }, { path: 'input.value' }],
    })
    const stray = await bench.ask(viewerOf(randomUUID()), RECORD, { input: { ...outcome, kind: 'GOAL_MET', value: 1 } })
    expect(stray.code).toBe('BAD_USER_INPUT')
  })

  it("does not hide a client's outcome with the agency that has not switched to it", async () => {
    const [agencyId, clientId] = [randomUUID(), randomUUID()]
    const event = runAdvanced({ queuedAt: new Date('2025-10-06T09:00:00Z'), steps: succeedsAfter(60_000) })
    await bench.emit(clientId, 'run.advanced', event)
    await bench.consumer.drain()
    const input = { ...outcome, caseId: event.caseId }
    expect((await bench.ask(viewerOf(agencyId, [agencyId, clientId]), RECORD, { input })).code).toBe('FORBIDDEN')
    expect((await bench.ask(viewerOf(clientId, [agencyId, clientId]), RECORD, { input })).data).toMatchObject({
      recordOutcome: { created: true },
    })
  })

  it('needs the scope to write', async () => {
    expect((await bench.ask(viewerOf(randomUUID(), [], ['kpi:read', 'wrm:read']), RECORD, { input: outcome })).code).toBe(
      'FORBIDDEN',
    )
  })
})
