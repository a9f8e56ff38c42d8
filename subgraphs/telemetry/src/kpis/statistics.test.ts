import { describe, expect, it } from '@jest/globals'
import { medianRanks, weightedRates, wilson } from './statistics.ts'

describe('the intervals', () => {
  it("are Wilson's for a proportion", () => {
    // Newcombe 1998, table I, method 3: 81 of 263, and 0 of 20.
    expect(wilson(81, 263).low).toBeCloseTo(0.2553, 4)
    expect(wilson(81, 263).high).toBeCloseTo(0.3662, 4)
    expect(wilson(0, 20).low).toBe(0)
    expect(wilson(0, 20).high).toBeCloseTo(0.1611, 4)
  })

  it('take the order statistics that enclose the median with 95 %', () => {
    expect(medianRanks(5)).toBeNull()
    expect(medianRanks(6)).toEqual({ low: 1, high: 6 })
    expect(medianRanks(10)).toEqual({ low: 2, high: 9 })
    expect(medianRanks(100)).toEqual({ low: 40, high: 61 })
    expect(medianRanks(10_000)).toEqual({ low: 4_902, high: 5_099 })
  })

  it('combine weighted rates around their value', () => {
    const { value, low, high } = weightedRates([
      { weight: 40, successes: 21, n: 30 },
      { weight: 60, successes: 30, n: 30 },
    ])
    expect(value).toBeCloseTo(88)
    expect(low).toBeLessThan(88)
    expect(high).toBeGreaterThan(88)
    expect(high).toBeLessThan(100)
  })
})
