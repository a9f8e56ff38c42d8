import { describe, expect, it } from '@jest/globals'
import { dateIn, fieldValue, numberIn } from './field-value.ts'

describe('values as people write them', () => {
  it.each([
    ['1.234,56', 1234.56],
    ['1,234.56', 1234.56],
    ['1 234,56', 1234.56],
    ["1'234.50", 1234.5],
    ['€ 1.234.567,8', 1_234_567.8],
    ['12,5 %', 12.5],
    ['12.50 EUR', 12.5],
    ['1.234', 1234],
    ['0.234', 0.234],
    ['1234.567', 1234.567],
    ['-5', -5],
    ['−5,00 €', -5],
    ['(3.00)', -3],
    ['7-', -7],
    ['$ -9', -9],
    ['1.23.4', undefined],
    ['2026-11-25', undefined],
    ['soon', undefined],
    ['', undefined],
  ])('the number %j is %p', (text, value) => expect(numberIn(text)).toBe(value))

  it.each([
    ['2026-11-25', '2026-11-25'],
    ['2026-11-25T08:00:00Z', '2026-11-25'],
    ['25.11.2026', '2026-11-25'],
    ['3/4/26', '2026-04-03'],
    ['11/25/2026', '2026-11-25'],
    ['25 November 2026', '2026-11-25'],
    ['Nov. 3rd, 2026', '2026-11-03'],
    ['Mittwoch, 1. März 2026', '2026-03-01'],
    ['5. Dez. 2026', '2026-12-05'],
    ['29.02.2026', undefined],
    ['32.01.2026', undefined],
    ['tomorrow', undefined],
  ])('the date %j is %p', (text, value) => expect(dateIn(text)).toBe(value))

  it('is of its type or nothing', () => {
    expect(['Ja', 'no', 'x', 'maybe'].map((text) => fieldValue('boolean', text))).toEqual([true, false, true, undefined])
    expect([
      fieldValue('text', ' a '),
      fieldValue('text', 5),
      fieldValue('number', Infinity),
      fieldValue('date', 20261125),
    ]).toEqual(['a', undefined, undefined, undefined])
  })
})
