import { describe, expect, it } from '@jest/globals'
import { changeWords, comparisonOf, countWords, formatKpi, intervalWords, noteWords, splitOf } from './kpi-words.ts'

describe('a figure', () => {
  it.each([
    [0.05, 'hours', '3 min'],
    [1, 'days', '1 day'],
    [12.25, 'days', '12.3 days'],
    [83.456, 'points', '83.5'],
    [0.921, 'share', '92 %'],
    [0.1, 'hours/week', '6 min a week'],
    [-3.25, 'hours/week', '−3.2 h a week'],
    [0.5, 'minutes/case', '30 s a case'],
    [2, 'reviews/person', '2 reviews per person'],
  ])('%d %s is said as %s', (value, unit, words) => expect(formatKpi(value, unit)).toBe(words))
  it('knows one from many', () =>
    expect([countWords(1, ['rating', 'ratings']), countWords(30, ['rating', 'ratings'])]).toEqual(['1 rating', '30 ratings']))
})

describe('a change', () => {
  it('is faster when a duration shrank', () =>
    expect(changeWords({ unit: 'hours', change: 0.92 })).toEqual({ words: '92 % faster than before', better: true }))
  it('is slower when it grew', () =>
    expect(changeWords({ unit: 'hours', change: -1.5 })).toEqual({ words: '150 % slower than before', better: false }))
  it('is in work per case for relief', () =>
    expect(changeWords({ unit: 'hours/week', change: 0.5 })?.words).toBe('50 % less work per case than before'))
  it('is in points for an index', () =>
    expect(changeWords({ unit: 'points', change: -4 })?.words).toBe('4 points worse than before'))
  it('is not shown without a baseline', () => expect(changeWords({ unit: 'points', change: null })).toBeUndefined())
})

it('is explained without the names of programs', () =>
  expect(noteWords('It needs GOAL_MET or E.')).toBe('It needs “goal met” or E.'))

describe('a comparison', () => {
  const baseline = { median: 9, p90: null, n: 40, source: 'ESTIMATED', window: 'before', version: 1 } as const
  it('is of the figure with its baseline', () =>
    expect(comparisonOf({ value: 2, unit: 'hours', baseline, parts: [] })).toEqual({ before: 9, now: 2, unit: 'hours' }))
  it('is of minutes a case for relief', () =>
    expect(
      comparisonOf({
        value: 5,
        unit: 'hours/week',
        baseline,
        parts: [{ name: 'human minutes', value: 0.5, unit: 'minutes/case', note: null }],
      }),
    ).toEqual({
      before: 9,
      now: 0.5,
      unit: 'minutes/case',
    }))
  it('needs both sides', () => expect(comparisonOf({ value: 2, unit: 'hours', baseline: null, parts: [] })).toBeUndefined())
})

describe('an interval', () => {
  it('has both ends', () => expect(intervalWords({ low: 0.2, high: 1, unit: 'share' })).toBe('between 20 % and 100 %'))
  it('is not made up', () => expect(intervalWords({ low: null, high: 2, unit: 'hours' })).toBeUndefined())
})

describe('where the time goes', () => {
  it('is in shares of what is known', () =>
    expect(
      splitOf([
        { name: 'machine', value: 1, unit: 'hours', note: null },
        { name: 'queue', value: 3, unit: 'hours', note: null },
        { name: 'human wait', value: null, unit: 'hours', note: null },
        { name: 'p90', value: 9, unit: 'hours', note: null },
      ]),
    ).toEqual([
      { name: 'queue', hours: 3, share: 0.75 },
      { name: 'machine', hours: 1, share: 0.25 },
    ]))
  it('is nothing of nothing', () => expect(splitOf([])).toEqual([]))
})
