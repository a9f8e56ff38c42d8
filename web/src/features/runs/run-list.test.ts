import { describe, expect, it } from '@jest/globals'
import type { RunRowFragment } from '../../gql/graphql.ts'
import { applyRunChange, outcomeOf, requestOf, type RunList } from './run-list.ts'

const run = (id: string, queuedAt: string, lastSeq = 1) => ({ id, queuedAt, lastSeq, status: 'RUNNING' }) as RunRowFragment
const list: RunList = { runs: [run('c', '12:03'), run('b', '12:02', 5), run('a', '12:01')], totalCount: 9 }
const view = { newestPage: true, pageSize: 3 }
const ids = ({ runs }: RunList) => runs.map(({ id }) => id).join('')

describe('a live list of runs', () => {
  it('takes a new run in where its time puts it and keeps its length', () => {
    const next = applyRunChange(list, { kind: 'ADDED', run: run('d', '12:02:30') }, view)
    expect([ids(next), next.totalCount]).toEqual(['cdb', 10])
  })

  it('only counts new runs on older pages', () => {
    const next = applyRunChange(list, { kind: 'ADDED', run: run('d', '12:04') }, { ...view, newestPage: false })
    expect([ids(next), next.totalCount]).toEqual(['cba', 10])
  })

  it('changes a known run in place', () => {
    const next = applyRunChange(list, { kind: 'UPDATED', run: { ...run('b', '12:02', 6), status: 'SUCCEEDED' } }, view)
    expect(next.runs[1]).toMatchObject({ id: 'b', status: 'SUCCEEDED' })
  })

  it('is not set back by a late, older change', () =>
    expect(applyRunChange(list, { kind: 'UPDATED', run: run('b', '12:02', 4) }, view)).toBe(list))

  it('does not count a run twice that it already holds', () =>
    expect(applyRunChange(list, { kind: 'ADDED', run: run('a', '12:01') }, view).totalCount).toBe(9))

  it('lets a run go that no longer matches', () =>
    expect(ids(applyRunChange(list, { kind: 'LEFT', run: run('b', '12:02', 9) }, view))).toBe('ca'))
  it('ignores the leaving of what it does not hold', () =>
    expect(applyRunChange(list, { kind: 'LEFT', run: run('x', '9') }, view)).toBe(list))
})

describe('a run in words', () => {
  it('says why it failed before what it had decided', () =>
    expect(outcomeOf({ output: { intent: 'refund' }, failure: { code: 'TOOL', reason: 'No answer' } })).toEqual({
      text: 'No answer',
    }))
  it('takes only words for a decision', () =>
    expect(outcomeOf({ output: { intent: 3, action: 'reply' }, failure: null })).toEqual({ action: 'reply' }))
  it('finds the request in any input', () =>
    expect([requestOf({ text: 'Hi' }), requestOf({ n: 1, subject: 'Yo' }), requestOf(null)]).toEqual(['Hi', 'Yo', '']))
})
