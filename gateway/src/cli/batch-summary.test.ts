import { describe, expect, it } from '@jest/globals'
import { describeBatch, summarize, type BatchFacts, type RunStatus, type RunView } from './batch-summary.ts'

const automated = (intent: string) => ({ status: 'SUCCEEDED' as const, output: { intent, automated: true }, reviews: [] })
const waiting = (intent: string) => ({ status: 'WAITING_FOR_REVIEW' as const, output: null, reviews: [{ proposal: { intent } }] })
const decided = (proposed: string, intent: string) => ({
  status: 'SUCCEEDED' as const,
  output: { intent, automated: false },
  reviews: [{ proposal: { intent: proposed } }],
})
const bare = (status: RunStatus) => ({ status, output: null, reviews: [] })

function facts(rows: [label: string | undefined, run: Omit<RunView, 'id'>][], more: Partial<BatchFacts> = {}): BatchFacts {
  return {
    file: 'f.csv',
    workflow: 'w',
    rows: rows.length,
    leftOut: 0,
    createdRuns: rows.length,
    started: rows.map(([label], index) => ({ line: index + 2, runId: String(index), label })),
    runs: new Map(rows.map(([, run], index) => [String(index), { id: String(index), ...run }])),
    seconds: 2,
    interrupted: false,
    ...more,
  }
}

describe('the summary of a batch', () => {
  it('counts every row once, by how its run stands', () => {
    const summary = summarize(
      facts([
        [undefined, automated('a')],
        [undefined, automated('a')],
        [undefined, waiting('a')],
        [undefined, decided('a', 'b')],
        [undefined, bare('FAILED')],
        [undefined, bare('CANCELLED')],
        [undefined, bare('EXPIRED')],
        [undefined, bare('RUNNING')],
      ]),
    )
    expect(summary).toMatchObject({
      rows: 8,
      automated: 2,
      sentToReview: 2,
      failed: 3,
      unfinished: 1,
      accuracy: null,
      accuracyOfAutomated: null,
    })
  })

  it('judges what the machine proposed, not what a person made of it', () => {
    const summary = summarize(
      facts([
        ['a', automated('a')],
        ['a', automated('b')],
        ['a', waiting('a')],
        ['b', decided('a', 'b')],
        ['a', decided('a', 'b')],
        [undefined, automated('z')],
      ]),
    )
    expect(summary.accuracy).toBeCloseTo(3 / 5)
    expect(summary.accuracyOfAutomated).toBeCloseTo(1 / 2)
    expect(summary.automatedShare).toBeCloseTo(3 / 6)
  })

  it('leaves failed and unfinished runs out of the accuracy', () => {
    const summary = summarize(
      facts([
        ['a', automated('a')],
        ['a', bare('FAILED')],
        ['a', bare('QUEUED')],
      ]),
    )
    expect(summary.accuracy).toBe(1)
  })

  it('tells rows that were left out from rows that were never sent', () => {
    const summary = summarize({ ...facts([['a', automated('a')]]), rows: 10, leftOut: 3, interrupted: true })
    expect(summary).toMatchObject({ rows: 10, leftOut: 3, automated: 1, unfinished: 6 })
    expect(describeBatch(summary)).toContain('Interrupted. The same command goes on from here.')
  })

  it('counts runs a second over the runs that it made and saw end', () => {
    expect(
      summarize(
        facts(
          [
            ['a', automated('a')],
            ['a', waiting('a')],
          ],
          { seconds: 4 },
        ),
      ).runsPerSecond,
    ).toBe(0.5)
    const partial = facts(
      [
        ['a', automated('a')],
        ['a', bare('QUEUED')],
      ],
      { seconds: 4, interrupted: true },
    )
    expect(summarize(partial).runsPerSecond).toBe(0.25)
    const repeated = summarize(facts([['a', automated('a')]], { createdRuns: 0 }))
    expect(repeated.runsPerSecond).toBeNull()
    expect(describeBatch(repeated)).toContain('0 (all were there already)')
  })
})
