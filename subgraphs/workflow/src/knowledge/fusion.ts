import type { KnowledgeHit } from './knowledge-hit.ts'
import { byRanks } from './rank-fusion.ts'
import { termsOf, type Terms } from './terms.ts'

/** A candidate as the index gives it. */
export interface Passage extends Omit<KnowledgeHit, 'score' | 'meaning' | 'words'> {
  /** The cosine of the embeddings; null when another model made the passage's. */
  similarity: number | null
}

/** Chunks of the base by the terms that occur in them; under the empty term the number of all chunks. */
export type TermCounts = Record<string, number>

/** Chosen by leave-one-out cross-validation over 10,003 labelled questions; a few hundredths more or less change nothing. */
const MEANING = 0.55
const GROUPS = 2 / 3
/** Of a long document without a label, so that one handbook does not fill the answer and yet says more than one thing. */
const PASSAGES_OF_ONE = 4

/**
 * Ranks candidates by a weighted sum of the cosine and of two lexical similarities, of words and of groups of letters: the inverse
 * document frequencies of the terms in common, as a share of the query's, over the square root of the lengths' ratio. Passages without a
 * label stand among themselves in the order of their fused ranks (`byRanks`). Of a labelled document the best passage alone counts.
 * @param own how many chunks of the counts are the query itself: 1 in leave-one-out, else 0
 */
export function rankPassages(text: string, passages: Passage[], counts: TermCounts, limit: number, own = 0): KnowledgeHit[] {
  const query = termsOf(text)
  const total = (counts[''] ?? 0) + 1 - own
  const weigh = (term: string) => Math.log((total + 1) / ((counts[term] ?? 0) + 1 - own + 0.5))
  const similarity = { words: overlapWith(query.words, weigh), groups: overlapWith(query.groups, weigh) }
  const hits = passages.map(({ similarity: meaning, ...passage }): Scored => {
    const terms: Terms = termsOf(searchable(passage.title, passage.text))
    const words = (1 - GROUPS) * similarity.words(terms.words) + GROUPS * similarity.groups(terms.groups)
    return { ...passage, meaning, words, score: Math.min(1, Math.max(0, MEANING * (meaning ?? words) + (1 - MEANING) * words)) }
  })
  const [labelled, others] = [hits.filter(({ label }) => label !== null), hits.filter(({ label }) => label === null)]
  const sorted = [...labelled, ...byRanks(others)].sort(bestFirst)
  return withoutCrowds(sorted).slice(0, limit)
}

export type Scored = KnowledgeHit & { meaning: number | null; words: number }

export const bestFirst = (a: Scored, b: Scored) =>
  b.score - a.score || (a.documentId < b.documentId ? -1 : a.documentId > b.documentId ? 1 : (a.ordinal ?? 0) - (b.ordinal ?? 0))

function withoutCrowds(hits: Scored[]): Scored[] {
  const seen = new Map<string, number>()
  return hits.filter(({ documentId, label }) => {
    const before = seen.get(documentId) ?? 0
    seen.set(documentId, before + 1)
    return before < (label === null ? PASSAGES_OF_ONE : 1)
  })
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
