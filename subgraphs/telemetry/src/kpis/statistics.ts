/** The normal quantile of 0.975: two-sided 95 %. */
export const Z95 = 1.959963984540054
/** The normal quantile of 0.9875: two-sided 97.5 %. */
export const Z97_5 = 2.2414027276049473

export interface Interval {
  low: number
  high: number
}

/** Wilson's score interval of a proportion (Wilson 1927); sound from one observation on. Needs `n` above zero. */
export function wilson(successes: number, n: number, z = Z95): Interval {
  const p = successes / n
  const spread = z * Math.sqrt((p * (1 - p)) / n + (z * z) / (4 * n * n))
  const centre = p + (z * z) / (2 * n)
  const scale = 1 + (z * z) / n
  return { low: Math.max(0, (centre - spread) / scale), high: Math.min(1, (centre + spread) / scale) }
}

export interface WeightedRate {
  weight: number
  successes: number
  n: number
}

/** A weighted sum of independent proportions with the interval by MOVER (Zou and Donner 2008) over Wilson limits. */
export function weightedRates(rates: WeightedRate[]): Interval & { value: number } {
  let value = 0
  let below = 0
  let above = 0
  for (const { weight, successes, n } of rates) {
    const p = successes / n
    const { low, high } = wilson(successes, n)
    value += weight * p
    below += (weight * (p - low)) ** 2
    above += (weight * (high - p)) ** 2
  }
  return { value, low: value - Math.sqrt(below), high: value + Math.sqrt(above) }
}

/** Below this many cases neither a median nor a sum gets an interval. */
export const INTERVAL_MINIMUM = 6

/**
 * The ranks (from 1) of the two order statistics that enclose the median with at least 95 %: distribution-free, from the binomial
 * distribution with p = ½ (David and Nagaraja, Order Statistics, §7.1). Null below six observations, where no such pair exists.
 */
export function medianRanks(n: number): { low: number; high: number } | null {
  if (n < INTERVAL_MINIMUM) return null
  const low = n > 1_000 ? Math.floor(n / 2 - (Z95 * Math.sqrt(n)) / 2) : exactLowerRank(n)
  return { low, high: n + 1 - low }
}

/** The largest rank r with P(Binomial(n, ½) < r) ≤ 2.5 %. */
function exactLowerRank(n: number): number {
  let term = 2 ** -n
  let below = 0
  for (let rank = 0; ; rank += 1) {
    below += term
    if (below > 0.025) return rank
    term = (term * (n - rank)) / (rank + 1)
  }
}
