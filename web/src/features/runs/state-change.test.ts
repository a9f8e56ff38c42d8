import { describe, expect, it } from '@jest/globals'
import { changesOf, mergePatchOf } from './state-change.ts'

const before = { input: { text: 'a', lang: 'en' }, results: { decide: { reply: 'x', tags: [1, 2] } } }
const after = { input: { text: 'b' }, results: { decide: { reply: 'x', tags: [1, 3] }, act: { done: true } } }

describe('a changed state', () => {
  it('is told by each place that differs', () => {
    expect(changesOf(before, after)).toEqual([
      { path: 'input.text', before: 'a', after: 'b' },
      { path: 'input.lang', before: 'en', after: undefined },
      { path: 'results.decide.tags', before: [1, 2], after: [1, 3] },
      { path: 'results.act', before: undefined, after: { done: true } },
    ])
    expect(changesOf(before, structuredClone(before))).toEqual([])
  })

  it('is sent as a merge patch that takes away what is gone', () => {
    expect(mergePatchOf(before, after)).toEqual({
      input: { text: 'b', lang: null },
      results: { decide: { tags: [1, 3] }, act: { done: true } },
    })
    expect(mergePatchOf(before, structuredClone(before))).toEqual({})
  })
})
