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
  for (const value of [(hit: Scored) => hit.meaning ?? 0, (hit: Scored) => hit.words]) {
    const ranked = hits.filter((hit) => value(hit) > 0).sort((a, b) => value(b) - value(a))
    ranked.forEach((hit, at) => fused.set(hit, (fused.get(hit) ?? 0) + 1 / (K + at + 1)))
  }
  const scores = hits.map(({ score }) => score).sort((a, b) => b - a)
  return [...hits]
    .sort((a, b) => (fused.get(b) ?? 0) - (fused.get(a) ?? 0) || b.score - a.score)
    .map((hit, at) => ({ ...hit, score: scores[at]! }))
}
