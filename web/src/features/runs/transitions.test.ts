import { describe, expect, it } from '@jest/globals'
import type { TransitionFieldsFragment } from '../../gql/graphql.ts'
import { addTransition, gapsIn } from './transitions.ts'

const at = (seq: number) => ({ seq }) as TransitionFieldsFragment
const log = (...seqs: number[]) => seqs.reduce<TransitionFieldsFragment[]>((entries, seq) => addTransition(entries, at(seq)), [])

describe('a timeline', () => {
  it('shows a replayed transition once', () => expect(log(1, 2, 3, 1, 2, 3, 4).map(({ seq }) => seq)).toEqual([1, 2, 3, 4]))
  it('stays in order when one arrives late', () => expect(log(1, 3, 4, 2).map(({ seq }) => seq)).toEqual([1, 2, 3, 4]))
  it('keeps its identity when nothing is new', () => {
    const entries = log(1, 2)
    expect(addTransition(entries, at(2))).toBe(entries)
  })
  it('knows what it misses', () => expect([gapsIn(log(1, 2, 3)), gapsIn(log(2, 5)), gapsIn([])]).toEqual([[], [1, 3, 4], []]))
})
