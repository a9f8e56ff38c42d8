import { expect, it } from '@jest/globals'
import { figuresOf, table, type Measured } from './figures.ts'
import { percentile } from './list-latency.ts'

const measured = (first: Partial<Measured['first']>, more: Partial<Measured> = {}): Measured =>
  ({
    imported: { rowsPerSecond: 61, documents: 10, added: 10, leftOut: 0, calibration: null, calibrationSeconds: null },
    first: {
      rows: 10,
      automated: 9,
      sentToReview: 1,
      unfinished: 0,
      leftOut: 0,
      accuracy: 0.9,
      accuracyOfAutomated: 0.96,
      automatedShare: 0.9,
      runsPerSecond: 11,
      ...first,
    },
    second: { started: 0 },
    listP95Ms: 120,
    listSamples: 40,
    ...more,
  }) as Measured

const unmet = (facts: Measured) => figuresOf(facts).flatMap(({ name, met }) => (met === false ? [name] : []))

it('holds each figure against its target', () => {
  expect(unmet(measured({}))).toEqual([])
  expect(unmet(measured({ automated: 8, unfinished: 1 }))).toEqual(['rows decided or waiting for review', 'rows lost'])
  expect(unmet(measured({ accuracy: 0.879, accuracyOfAutomated: 0.949, automatedShare: 0.849, runsPerSecond: 9.9 }))).toEqual([
    'accuracy of the proposed intent',
    'precision without a person',
    'runs decided without a person',
    'batch, runs a second',
  ])
  expect(unmet(measured({ accuracy: null, accuracyOfAutomated: null, automatedShare: null, runsPerSecond: null }))).toHaveLength(
    4,
  )
  expect(unmet(measured({}, { listP95Ms: Number.NaN }))).toEqual(['run list, p95 of its first page'])
})

it('says of each target whether it is met', () => {
  const lines = table(figuresOf(measured({ accuracy: 0.5 }))).split('\n')
  expect(lines[0]).toMatch(/^figure +measured +target +met$/)
  expect(lines).toContainEqual(expect.stringMatching(/^accuracy of the proposed intent +50\.0 % +≥ 88 % +NO$/))
})

it('takes percentiles by nearest rank', () => {
  const latencies = { sorted: Array.from({ length: 100 }, (_, index) => index + 1) }
  expect([0, 0.5, 0.95, 1].map((share) => percentile(latencies, share))).toEqual([1, 50, 95, 100])
  expect(percentile({ sorted: [7] }, 0.95)).toBe(7)
  expect(percentile({ sorted: [] }, 0.95)).toBeNaN()
})
