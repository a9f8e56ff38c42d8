import type { Scored } from './fusion.ts'

/** As in the paper: how little the very first places differ from the next. */
const K = 60

/**
 * Reciprocal rank fusion (Cormack, Clarke and Büttcher, 2009) of the order by meaning and the order by words: cosines and counts of words
 * of prose have no common scale, their ranks have. The hits keep the scores that they have together, dealt out in the fused order, so
 * that they can still be compared with hits that are ranked otherwise.
 */
export function byRanks(hits: Scored[]): Scored[] {
  const fused = new Map<Scored, number>()
  const add = (ranked: Scored[], shareOf: (hit: Scored) => number) =>
    ranked.forEach((hit, at) => fused.set(hit, (fused.get(hit) ?? 0) + shareOf(hit) / (K + at + 1)))
  const comparable = hits.filter(({ meaning }) => meaning !== null).sort((a, b) => b.meaning! - a.meaning!)
  const worded = hits.filter(({ words }) => words > 0).sort((a, b) => b.words - a.words)
  add(comparable, () => 1)
  // Where meanings cannot be compared, words stand for both.
  add(worded, ({ meaning }) => (meaning === null ? 2 : 1))
  const scores = hits.map(({ score }) => score).sort((a, b) => b - a)
  return [...hits]
    .sort((a, b) => (fused.get(b) ?? 0) - (fused.get(a) ?? 0) || b.score - a.score)
    .map((hit, at) => ({ ...hit, score: scores[at]! }))
}
