import { describe, expect, it } from '@jest/globals'
import { formatFigure, formatMoney, formatShare } from './numbers.ts'

describe('money', () => {
  it('shows fractions of a cent', () => expect(formatMoney({ amount: '0.00042', currency: 'USD' })).toBe('$0.00042'))
  it('shows cents otherwise', () => expect(formatMoney({ amount: '1234.5', currency: 'EUR' })).toBe('€1,234.50'))
  it('shows nothing as nothing', () => expect(formatMoney({ amount: '0', currency: 'USD' })).toBe('$0.00'))
})

describe('shares', () => {
  it('does not round something to nothing', () => expect(formatShare(0.0004)).toBe('< 0.1 %'))
  it('does not round nearly all to all', () => expect(formatShare(0.9996)).toBe('> 99.9 %'))
  it('tells 99.8 % from all', () => expect([formatShare(0.998), formatShare(1)]).toEqual(['99.8 %', '100 %']))
  it('keeps one digit below ten', () => expect(formatShare(0.0526)).toBe('5.3 %'))
})

describe('figures', () => {
  it.each([
    [0.0421, '0.0421'],
    [3.14159, '3.14'],
    [1283.4, '1,283'],
    [-12.34, '−12.3'],
  ])('writes %d as %s', (value, words) => expect(formatFigure(value)).toBe(words))
})
