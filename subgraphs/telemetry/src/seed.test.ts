import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { DEMO } from '@signalbox/shared/demo'
import { seedDemo } from './seed.ts'
import { openBench, viewerOf, type TelemetryBench } from './testing/telemetry-bench.ts'

describe('the demo', () => {
  let bench: TelemetryBench
  beforeAll(async () => void (bench = await openBench()))
  afterAll(() => bench.close())

  it('is seeded once, and its baselines are labelled as estimated', async () => {
    await seedDemo(bench.orm)
    await seedDemo(bench.orm)
    const { rows } = await bench.superuser.query(
      'select kpi, version, source from telemetry.baseline where organization_id = $1',
      [DEMO.clientId],
    )
    expect(rows).toHaveLength(5)
    expect(rows.every((row) => row.source === 'ESTIMATED' && row.version === 1)).toBe(true)
    const { data, errors } = await bench.ask(
      viewerOf(DEMO.clientId),
      `{ kpis(range: { from: "2026-01-01T00:00:00Z", to: "2026-02-01T00:00:00Z" }, workflow: "${DEMO.workflowSlug}") {
        turnaround { baseline { median p90 source } } } }`,
    )
    expect(errors).toEqual([])
    expect(data).toEqual({ kpis: { turnaround: { baseline: { median: 9.5, p90: 26, source: 'ESTIMATED' } } } })
  })
})
