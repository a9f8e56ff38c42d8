import { describe, expect, it } from '@jest/globals'
import { differencesOf, wordDifference } from './differences.ts'

describe('what would change', () => {
  it('is each field that stands otherwise now, and no other', () => {
    const before = { amount: 100, payee: 'Ada', lines: [1], iban: 'DE1' }
    expect(differencesOf(before, { amount: 120, payee: 'Ada', lines: [1, 2], reason: 'why' })).toEqual([
      { name: 'amount', before: 100, after: 120 },
      { name: 'lines', before: [1], after: [1, 2] },
      { name: 'iban', before: 'DE1', after: null },
    ])
    expect(differencesOf(null, { amount: 1 })).toEqual([])
  })

  it('is shown word by word', () => {
    expect(wordDifference('We send it on Monday.', 'We will send it today.')).toEqual([
      { text: 'We ', kind: 'same' },
      { text: 'will ', kind: 'new' },
      { text: 'send it ', kind: 'same' },
      { text: 'on Monday.', kind: 'gone' },
      { text: 'today.', kind: 'new' },
    ])
    expect(wordDifference('same', 'same')).toEqual([{ text: 'same', kind: 'same' }])
    expect(wordDifference('', 'new')).toEqual([{ text: 'new', kind: 'new' }])
  })

  it('keeps every word of both sides, however long they are', () => {
    for (const length of [50, 2_000]) {
      const [a, b] = ['x ', 'y '].map((word) => Array.from({ length }, (_, index) => (index % 3 === 0 ? 'z ' : word)).join(''))
      const pieces = wordDifference(a!, b!)
      const side = (kind: string) =>
        pieces
          .filter((one) => one.kind === 'same' || one.kind === kind)
          .map(({ text }) => text)
          .join('')
      expect([side('gone'), side('new')]).toEqual([a, b])
    }
  })
})
