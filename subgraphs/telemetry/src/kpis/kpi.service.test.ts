import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { randomUUID } from 'node:crypto'
import type { Viewer } from '@signalbox/shared/viewer'
import {
  HOUR,
  MINUTE,
  openBench,
  runAdvanced,
  succeedsAfter,
  viewerOf,
  WORKFLOW_ID,
  type RunStory,
  type TelemetryBench,
} from '../testing/telemetry-bench.ts'
import type { Kpi, KpiReport } from './kpi.types.ts'

const monday = new Date('2025-10-06T09:00:00Z')
const week = { from: '2025-10-06T00:00:00Z', to: '2025-10-13T00:00:00Z' }
const KPI =
  'value unit n coverage change compared low high note formulaVersion baseline { median source version } parts { name value unit note }'
const KPIS = `query ($range: TimeRange!, $workflow: String, $compareTo: TimeRange) { kpis(range: $range, workflow: $workflow, compareTo: $compareTo) {
  timeToBenefit { ${KPI} } turnaround { ${KPI} } effectiveness { ${KPI} } staffRelief { ${KPI} } customerExperience { ${KPI} } } }`

const after = (ms: number, since = monday) => new Date(since.getTime() + ms)
const part = (kpi: Kpi, name: string) => kpi.parts.find((entry) => entry.name === name)?.value

describe('the five figures', () => {
  let bench: TelemetryBench
  beforeAll(async () => void (bench = await openBench()))
  afterAll(() => bench.close())

  const report = async (viewer: Viewer, variables: Record<string, unknown> = {}) => {
    const { data, errors } = await bench.ask<{ kpis: KpiReport }>(viewer, KPIS, { range: week, ...variables })
    expect(errors).toEqual([])
    return data!.kpis
  }

  /** An organisation with the workflow and what was before. */
  const open = async () => {
    const organizationId = randomUUID()
    const viewer = viewerOf(organizationId)
    await bench.emit(organizationId, 'workflow.published', {
      workflowId: WORKFLOW_ID,
      slug: 'support-triage',
      name: 'Support triage',
      versionId: randomUUID(),
      number: 1,
    })
    await bench.consumer.drain()
    const baseline = (kpi: string, median: number, p90?: number) =>
      bench.ask(viewer, 'mutation ($input: SetBaselineInput!) { setBaseline(input: $input) { created } }', {
        input: { kpi, workflow: 'support-triage', median, p90, n: 40, source: 'MEASURED', window: 'September' },
      })
    await baseline('TURNAROUND', 10, 20)
    await baseline('STAFF_RELIEF', 12)
    await bench.ask(
      viewer,
      'mutation ($input: SetEngagementInput!) { setEngagement(input: $input) { engagement { workflow } } }',
      {
        input: { workflow: WORKFLOW_ID, startedAt: '2025-10-01T00:00:00Z', buildCost: '25', hourlyRate: '60', targetHours: 24 },
      },
    )
    const run = async (story: Omit<RunStory, 'queuedAt'> & { queuedAt?: Date }) => {
      const event = runAdvanced({ queuedAt: monday, ...story })
      await bench.emit(organizationId, 'run.advanced', event)
      return event.caseId
    }
    const outcome = async (caseId: string, kind: string, at: Date, value?: number) => {
      const { errors } = await bench.ask(
        viewer,
        'mutation ($input: RecordOutcomeInput!) { recordOutcome(input: $input) { created } }',
        {
          input: { key: randomUUID(), caseId, kind, at: at.toISOString(), value },
        },
      )
      expect(errors).toEqual([])
    }
    const decided = (caseId: string, action: string, activeMs: number | null, editDistance: number | null = null) =>
      bench.emit(organizationId, 'review.decided', {
        runId: caseId,
        caseId,
        reviewId: randomUUID(),
        action,
        decidedBy: action === 'REJECT' ? 'anna' : 'ben',
        openedAt: after(10 * MINUTE).toISOString(),
        dueAt: after(action === 'REJECT' ? 20 * MINUTE : 60 * MINUTE).toISOString(),
        decidedAt: after(action === 'EDIT' ? 9 * HOUR : 30 * MINUTE).toISOString(),
        activeMs,
        edited: action === 'EDIT',
        editDistance,
      })
    return { organizationId, viewer, run, outcome, decided }
  }

  it('match a small set that was computed by hand', async () => {
    const { viewer, run, outcome, decided } = await open()
    const cases: string[] = []
    for (const hours of [1, 2, 3, 4, 5, 6]) cases.push(await run({ steps: succeedsAfter(hours * HOUR) }))
    // Neither a test run nor one that is not finished counts.
    await run({ steps: succeedsAfter(50 * HOUR), production: false })
    await run({ steps: [['QUEUED', 'QUEUED', 0]] })
    await decided(cases[0]!, 'APPROVE', 3 * MINUTE)
    await decided(cases[1]!, 'APPROVE', 3 * MINUTE)
    await decided(cases[2]!, 'EDIT', 3 * MINUTE, 0.25)
    await decided(cases[3]!, 'REJECT', null)
    await bench.consumer.drain()
    for (const index of [0, 1, 2, 4]) await outcome(cases[index]!, 'GOAL_MET', after(8 * HOUR))
    await outcome(cases[3]!, 'GOAL_MISSED', after(8 * HOUR))
    await outcome(cases[1]!, 'REWORKED', after(8 * HOUR))
    await outcome(cases[1]!, 'HUMAN_MINUTES', after(8 * HOUR), 20)

    const kpis = await report(viewer, { workflow: 'support-triage' })
    expect(kpis.turnaround).toMatchObject({
      value: 3.5,
      unit: 'hours',
      n: 6,
      coverage: 1,
      low: 1,
      high: 6,
      baseline: { median: 10, version: 1 },
    })
    expect(kpis.turnaround.change).toBeCloseTo(0.65)
    expect(part(kpis.turnaround, 'p90')).toBeCloseTo(5.5)
    expect(part(kpis.turnaround, 'queue')).toBeCloseTo(1 / 60)
    expect(part(kpis.turnaround, 'machine')).toBeCloseTo(3.5 - 1 / 60)
    expect(part(kpis.turnaround, 'outside')).toBeCloseTo(0)

    expect(kpis.effectiveness).toMatchObject({ n: 6, unit: 'points' })
    expect(kpis.effectiveness.value).toBeCloseTo(100 * (4 / 6) * (1 / 4))
    expect(kpis.effectiveness.coverage).toBeCloseTo(4 / 6)
    expect(part(kpis.effectiveness, 'mean acceptance')).toBeCloseTo((1 + 1 + 0.75 + 0) / 4)
    expect(kpis.effectiveness.low!).toBeLessThan(kpis.effectiveness.value!)
    expect(kpis.effectiveness.high!).toBeGreaterThan(kpis.effectiveness.value!)

    // 9 − 11 + 9 + 12 + 12 minutes: the second took longer than before, the fourth missed its goal.
    expect(kpis.staffRelief).toMatchObject({ unit: 'hours/week', n: 5, coverage: 1, low: null })
    expect(kpis.staffRelief.value).toBeCloseTo(31 / 60)
    expect(part(kpis.staffRelief, 'overdue reviews')).toBeCloseTo(2 / 2)
    expect(part(kpis.staffRelief, 'decisions outside business hours')).toBeCloseTo(1 / 4)

    expect(kpis.timeToBenefit).toMatchObject({ unit: 'days', n: 4 })
    expect(kpis.timeToBenefit.value).toBeCloseTo(5 + 9.5 / 24)
    expect(part(kpis.timeToBenefit, 'payback')).toBe(6)
    expect(kpis.customerExperience).toMatchObject({ value: null, n: 0, note: 'No ratings yet: customer experience needs 30.' })
  })

  it('give no value without data, and say what is missing', async () => {
    const viewer = viewerOf(randomUUID())
    for (const kpi of Object.values(await report(viewer))) {
      expect(kpi).toMatchObject({ value: null, n: 0, low: null, high: null, change: null, note: expect.stringMatching(/\w/) })
    }
  })

  it('hide customer experience below 30 ratings and weigh it from there on', async () => {
    const { viewer, run, outcome } = await open()
    const cases: string[] = []
    for (let index = 0; index < 30; index += 1) cases.push(await run({ steps: succeedsAfter(index < 24 ? HOUR : 30 * HOUR) }))
    await bench.consumer.drain()
    for (const caseId of cases.slice(0, 29)) await outcome(caseId, 'RATED', after(40 * HOUR), cases.indexOf(caseId) < 21 ? 5 : 3)
    for (const caseId of cases.slice(0, 3)) await outcome(caseId, 'RECONTACTED', after(HOUR + 6 * 24 * HOUR))
    await outcome(cases[4]!, 'RECONTACTED', after(HOUR + 8 * 24 * HOUR))
    const hidden = (await report(viewer)).customerExperience
    expect(hidden).toMatchObject({ value: null, low: null, n: 29, note: '29 ratings so far: customer experience needs 30.' })
    expect(part(hidden, 'csat')).toBeNull()
    await outcome(cases[29]!, 'RATED', after(40 * HOUR), 1)
    const shown = (await report(viewer)).customerExperience
    expect(shown).toMatchObject({ n: 30, coverage: 1, note: null })
    expect(shown.value).toBeCloseTo(0.4 * 70 + 0.3 * 80 + 0.3 * 90)
    expect(shown.low!).toBeGreaterThan(60)
    expect(shown.high!).toBeLessThan(90)
  })

  it('take outcomes that come before their run, late and out of order', async () => {
    const { viewer, run, outcome } = await open()
    await outcome('T-1', 'CASE_CLOSED', after(4 * HOUR))
    await outcome('T-1', 'GOAL_MET', after(3 * HOUR))
    await outcome('T-1', 'GOAL_MISSED', after(2 * HOUR))
    expect((await report(viewer)).turnaround.n).toBe(0)
    await run({ caseId: 'T-1', steps: succeedsAfter(HOUR) })
    await run({ caseId: 'T-2', steps: succeedsAfter(HOUR) })
    await bench.consumer.drain()
    const kpis = await report(viewer)
    expect(kpis.turnaround).toMatchObject({ n: 1, value: 4 })
    expect(part(kpis.turnaround, 'outside')).toBeCloseTo(3)
    expect(part(kpis.effectiveness, 'goals met')).toBe(1)
    await outcome('T-1', 'CASE_RECEIVED', after(-2 * HOUR))
    expect((await report(viewer)).turnaround.value).toBe(6)
  })

  it('split the time of a case by what it waited for, and count business hours', async () => {
    const { viewer, run } = await open()
    const friday = new Date('2025-10-10T15:00:00Z')
    const steps: RunStory['steps'] = [
      ['QUEUED', 'QUEUED', 0],
      ['STARTED', 'RUNNING', HOUR],
      ['RETRY_SCHEDULED', 'RETRYING', 2 * HOUR],
      ['NODE_STARTED', 'RUNNING', 5 * HOUR],
      ['REVIEW_REQUESTED', 'WAITING_FOR_REVIEW', 6 * HOUR],
      ['RESUMED', 'RUNNING', 26 * HOUR],
      ['SUCCEEDED', 'SUCCEEDED', 27 * HOUR],
      ['EFFECT_SETTLED', 'SUCCEEDED', 99 * HOUR],
    ]
    await run({ queuedAt: friday, steps })
    await bench.consumer.drain()
    const { turnaround } = await report(viewer)
    expect(turnaround.value).toBe(27)
    expect(['queue', 'machine', 'human wait', 'retry wait', 'outside'].map((name) => part(turnaround, name))).toEqual([
      1, 3, 20, 3, 0,
    ])
    expect(part(turnaround, 'business p50')).toBe(2)
    expect(turnaround.note).toContain('an interval needs 6')
  })

  it('do not let a failed run pass for a fast one', async () => {
    const { viewer, run } = await open()
    await run({
      steps: [
        ['QUEUED', 'QUEUED', 0],
        ['FAILED', 'FAILED', MINUTE, { failureCode: 'MODEL_DOWN' }],
      ],
    })
    await run({ steps: succeedsAfter(2 * HOUR) })
    await bench.consumer.drain()
    const kpis = await report(viewer)
    expect(kpis.turnaround).toMatchObject({ value: 2, n: 1, coverage: 0.5 })
    expect(kpis.effectiveness).toMatchObject({ value: null, n: 2 })
  })

  it('compare with another range', async () => {
    const { viewer, run } = await open()
    await run({ steps: succeedsAfter(2 * HOUR) })
    await run({ queuedAt: new Date('2025-09-30T09:00:00Z'), steps: succeedsAfter(8 * HOUR) })
    await bench.consumer.drain()
    const compareTo = { from: '2025-09-29T00:00:00Z', to: '2025-10-06T00:00:00Z' }
    expect((await report(viewer, { compareTo })).turnaround).toMatchObject({ value: 2, compared: 8, change: 0.75 })
  })

  it("show an agency its clients' cases and nobody else", async () => {
    const { organizationId, run } = await open()
    const agencyId = randomUUID()
    await bench.emit(organizationId, 'organization.saved', {
      organizationId,
      name: 'C',
      kind: 'CLIENT',
      agencyId,
      timeZone: 'UTC',
    })
    await run({ steps: succeedsAfter(2 * HOUR) })
    await bench.consumer.drain()
    expect((await report(viewerOf(agencyId, [agencyId, organizationId]))).turnaround.n).toBe(1)
    // Knowing the id is not enough: the token must name it.
    expect((await report(viewerOf(agencyId))).turnaround.n).toBe(0)
    const stranger = viewerOf(randomUUID())
    expect((await bench.ask(stranger, KPIS, { range: week, workflow: 'support-triage' })).code).toBe('NOT_FOUND')
    const source = `query ($r: [_Any!]!, $range: TimeRange!) { _entities(representations: $r) {
      ... on Workflow { kpis(range: $range) { turnaround { n } } } ... on Organization { kpis(range: $range) { turnaround { n } } } } }`
    const variables = {
      r: [
        { __typename: 'Organization', id: organizationId },
        { __typename: 'Workflow', id: WORKFLOW_ID },
      ],
      range: week,
    }
    expect((await bench.ask(stranger, source, variables)).data).toEqual({ _entities: [{ kpis: null }, { kpis: null }] })
    const own = await bench.ask(viewerOf(organizationId), source, variables)
    expect(own.data).toEqual({ _entities: [{ kpis: { turnaround: { n: 1 } } }, { kpis: { turnaround: { n: 1 } } }] })
  })

  it('refuse a range that is reversed or without end, and a caller without the scope', async () => {
    const reversed = { from: week.to, to: week.from }
    const { errors } = await bench.ask(viewerOf(randomUUID()), KPIS, { range: reversed })
    expect(errors[0]!.extensions).toMatchObject({ code: 'BAD_USER_INPUT', fields: [{ path: 'range.to' }] })
    expect((await bench.ask(viewerOf(randomUUID()), KPIS, { range: { from: '1990-01-01T00:00:00Z', to: week.to } })).code).toBe(
      'BAD_USER_INPUT',
    )
    expect((await bench.ask(viewerOf(randomUUID(), [], ['wrm:read']), KPIS, { range: week })).code).toBe('FORBIDDEN')
    expect((await bench.ask(null, KPIS, { range: week })).code).toBe('UNAUTHENTICATED')
  })
})
