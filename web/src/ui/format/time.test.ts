import { describe, expect, it } from '@jest/globals'
import { dueWords, formatAge, formatDuration } from './time.ts'

const now = Date.parse('2026-11-23T12:00:00Z')
const at = (ms: number) => new Date(now + ms).toISOString()

describe('durations', () => {
  it.each([
    [0, '0 ms'],
    [430, '430 ms'],
    [2_449, '2.4 s'],
    [59_999, '59 s'],
    [60_000, '1 min'],
    [192_000, '3 min 12 s'],
    [7_500_000, '2 h 5 min'],
    [273_600_000, '3 d 4 h'],
    [-1_500, '−1.5 s'],
  ])('writes %d ms as %s', (ms, words) => expect(formatDuration(ms)).toBe(words))
})

describe('ages', () => {
  it('does not put a moment into the future when clocks differ', () => expect(formatAge(at(3_000), now)).toBe('just now'))
  it('keeps one unit', () => expect(formatAge(at(-3_599_000), now)).toBe('59 min ago'))
})

describe('deadlines', () => {
  it('says when there is none', () => expect(dueWords(null, now)).toEqual({ words: 'no deadline', urgency: 'none' }))
  it('is calm with hours to go', () => expect(dueWords(at(4 * 3_600_000), now)).toEqual({ words: 'due in 4 h', urgency: 'calm' }))
  it('presses in the last hour', () =>
    expect(dueWords(at(59 * 60_000), now)).toEqual({ words: 'due in 59 min', urgency: 'soon' }))
  it('is overdue from the very moment', () =>
    expect(dueWords(at(0), now)).toEqual({ words: 'overdue by 0 s', urgency: 'overdue' }))
})
