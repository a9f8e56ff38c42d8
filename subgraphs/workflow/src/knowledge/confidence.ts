import type { Calibration, CalibrationPoint } from './calibration.ts'

/** One left-out document: the share that its proposed label got, and whether that label was right. */
export interface Trial {
  share: number
  right: boolean
}

/** No calibration is certain. */
const MOST = 0.999
/** One-sided 95 %. */
const Z = 1.645
/** A block of the curve has at least this many trials, so that none is a matter of luck. */
const BLOCK = 20

/** Fits the curve and picks the threshold. `calibratedAt` is now. */
export function calibrate(trials: Trial[], targetPrecision: number): Calibration {
  const curve = fitCurve(trials)
  const share = chooseShare(trials, targetPrecision)
  const automated = share === null ? [] : trials.filter((trial) => trial.share >= share)
  return {
    threshold: share === null ? 1 : probabilityOf(curve, share),
    targetPrecision,
    accuracy: rate(trials),
    coverage: trials.length === 0 ? 0 : automated.length / trials.length,
    precision: automated.length === 0 ? null : rate(automated),
    n: trials.length,
    curve,
    calibratedAt: new Date(),
  }
}

/** The probability that a label with this share of the vote is right; without a calibration a cautious guess that stays below 0.5. */
export function confidenceOf(share: number, calibration: Calibration | null): number {
  return calibration === null || calibration.curve.length === 0 ? share / 2 : probabilityOf(calibration.curve, share)
}

/**
 * A monotone map from share to probability: isotonic regression by pooling adjacent violators (Ayer et al., 1955) over blocks of
 * trials with Laplace's rule, as points to interpolate between. It never falls and, between points, always rises.
 */
export function fitCurve(trials: Trial[]): CalibrationPoint[] {
  const sorted = [...trials].sort((a, b) => a.share - b.share)
  const blocks: { share: number; right: number; n: number }[] = []
  const size = Math.max(BLOCK, Math.ceil(sorted.length / 50))
  for (let at = 0; at < sorted.length; at += size) {
    const part = sorted.slice(at, at + size)
    let block = {
      share: part.reduce((sum, trial) => sum + trial.share, 0),
      right: part.filter((trial) => trial.right).length,
      n: part.length,
    }
    for (let last = blocks.at(-1); last !== undefined && smoothed(last) >= smoothed(block); last = blocks.at(-1)) {
      block = { share: block.share + last.share, right: block.right + last.right, n: block.n + last.n }
      blocks.pop()
    }
    blocks.push(block)
  }
  return blocks.map((block) => ({ score: block.share / block.n, probability: Math.min(MOST, smoothed(block)) }))
}

const smoothed = ({ right, n }: { right: number; n: number }) => (right + 1) / (n + 2)

/** Linear between the points, from (0, 0) to (1, 0.999). */
export function probabilityOf(curve: CalibrationPoint[], share: number): number {
  let below: CalibrationPoint = { score: 0, probability: 0 }
  for (const above of [...curve, { score: 1, probability: MOST }]) {
    if (share <= above.score && above.score > below.score) {
      const part = (share - below.score) / (above.score - below.score)
      return below.probability + Math.max(0, part) * (above.probability - below.probability)
    }
    below = above
  }
  return MOST
}

/**
 * The lowest share such that of the trials at or above it the target was right with 95 % certainty: the lower end of a one-sided
 * Wilson interval (Wilson, 1927) is the margin. Null when no share reaches it.
 */
function chooseShare(trials: Trial[], target: number): number | null {
  const sorted = [...trials].sort((a, b) => b.share - a.share)
  let right = 0
  let chosen: number | null = null
  sorted.forEach((trial, at) => {
    if (trial.right) right++
    const isLastOfTie = sorted[at + 1]?.share !== trial.share
    if (isLastOfTie && lowerBound(right, at + 1) >= target) chosen = trial.share
  })
  return chosen
}

function lowerBound(right: number, n: number): number {
  const p = right / n
  const z2 = Z * Z
  return (p + z2 / (2 * n) - Z * Math.sqrt((p * (1 - p)) / n + z2 / (4 * n * n))) / (1 + z2 / n)
}

const rate = (trials: Trial[]) => (trials.length === 0 ? 0 : trials.filter((trial) => trial.right).length / trials.length)
