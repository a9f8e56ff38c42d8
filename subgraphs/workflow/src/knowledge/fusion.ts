import type { KnowledgeHit } from './knowledge-hit.ts'
import { termsOf, type Terms } from './terms.ts'

/** A candidate as the index gives it: `similarity` is the cosine of the embeddings. */
export interface Passage {
  documentId: string
  title: string | null
  text: string
  label: string | null
  similarity: number
}

/** Chunks of the base by the terms that occur in them; under the empty term the number of all chunks. */
export type TermCounts = Record<string, number>

/** Chosen by leave-one-out cross-validation over 10,003 labelled questions; a few hundredths more or less change nothing. */
const MEANING = 0.55
const GROUPS = 2 / 3

/**
 * Ranks candidates by a weighted sum of the cosine and of two lexical similarities, of words and of groups of letters: the inverse
 * document frequencies of the terms in common, as a share of the query's, over the square root of the lengths' ratio. One hit a document, the best of its chunks.
 * @param own how many chunks of the counts are the query itself: 1 in leave-one-out, else 0
 */
export function rankPassages(text: string, passages: Passage[], counts: TermCounts, limit: number, own = 0): KnowledgeHit[] {
  const query = termsOf(text)
  const total = (counts[''] ?? 0) + 1 - own
  const weigh = (term: string) => Math.log((total + 1) / ((counts[term] ?? 0) + 1 - own + 0.5))
  const similarity = { words: overlapWith(query.words, weigh), groups: overlapWith(query.groups, weigh) }
  const best = new Map<string, KnowledgeHit>()
  for (const { similarity: cosine, ...passage } of passages) {
    const terms: Terms = termsOf(searchable(passage.title, passage.text))
    const words = (1 - GROUPS) * similarity.words(terms.words) + GROUPS * similarity.groups(terms.groups)
    const score = Math.min(1, Math.max(0, MEANING * cosine + (1 - MEANING) * words))
    if (score > (best.get(passage.documentId)?.score ?? -1))
      best.set(passage.documentId, { ...passage, score, meaning: cosine, words })
  }
  return [...best.values()].sort((a, b) => b.score - a.score || (a.documentId < b.documentId ? -1 : 1)).slice(0, limit)
}

/** What is embedded and analysed of a chunk. */
export const searchable = (title: string | null, text: string): string =>
  title === null || title === '' ? text : `${title}\n${text}`

function overlapWith(query: string[], weigh: (term: string) => number): (terms: string[]) => number {
  const weights = new Map(query.map((term) => [term, Math.max(0, weigh(term))]))
  const total = [...weights.values()].reduce((sum, weight) => sum + weight, 0)
  return (terms) => {
    if (total === 0 || terms.length === 0) return 0
    const common = terms.reduce((sum, term) => sum + (weights.get(term) ?? 0), 0)
    return common / total / Math.sqrt(terms.length / query.length)
  }
}
