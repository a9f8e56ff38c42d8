import { describe, expect, it } from '@jest/globals'
import { calibrate, confidenceOf, fitCurve, probabilityOf, type Trial } from './confidence.ts'

/** Shares spread evenly; right exactly as often as `chance` says, without chance. */
function trialsOf(n: number, chance: (share: number) => number): Trial[] {
  let owed = 0
  return Array.from({ length: n }, (_, at) => {
    const share = (at + 0.5) / n
    owed += chance(share)
    const right = owed >= 1
    if (right) owed -= 1
    return { share, right }
  })
}

describe('calibration', () => {
  it('maps a share to the probability that was seen, rising all the way', () => {
    const curve = fitCurve(trialsOf(4_000, (share) => share * share))
    for (const share of [0.3, 0.5, 0.7, 0.9]) expect(probabilityOf(curve, share)).toBeCloseTo(share * share, 1)
    const steps = Array.from({ length: 101 }, (_, at) => probabilityOf(curve, at / 100))
    expect(steps.every((value, at) => at === 0 || value > steps[at - 1]!)).toBe(true)
    expect(steps.at(-1)).toBeLessThan(1)
  })

  it('pools what falls, so that the curve never does', () => {
    const curve = fitCurve(trialsOf(2_000, (share) => (share > 0.4 && share < 0.6 ? 0.2 : share)))
    expect(curve.every((point, at) => at === 0 || point.probability > curve[at - 1]!.probability)).toBe(true)
  })

  it('chooses a threshold that holds its promise with a margin', () => {
    const trials = trialsOf(3_000, (share) => 0.5 + share / 2)
    const calibration = calibrate(trials, 0.95)
    const automated = trials.filter(({ share }) => confidenceOf(share, calibration) >= calibration.threshold)
    expect(automated.length / trials.length).toBeCloseTo(calibration.coverage, 6)
    expect(calibration.precision).toBeGreaterThan(0.955)
    expect(calibration.coverage).toBeGreaterThan(0.1)
  })

  it('automates nothing when the target is out of reach or there is too little to go by', () => {
    for (const trials of [trialsOf(1_000, () => 0.6), trialsOf(20, () => 1), []]) {
      const calibration = calibrate(trials, 0.95)
      expect(calibration).toMatchObject({ coverage: 0, threshold: 1, precision: null })
      expect(confidenceOf(1, calibration)).toBeLessThan(1)
    }
  })

  it('stays below one half without a calibration', () => {
    expect(confidenceOf(1, null)).toBe(0.5)
    expect(confidenceOf(0.4, null)).toBe(0.2)
  })
})
