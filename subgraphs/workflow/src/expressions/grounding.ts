import type { KnowledgeHit } from '../knowledge/knowledge-hit.ts'

/** Words that carry meaning: letters and digits, four characters or more, case folded. */
const wordsOf = (text: string) => text.toLowerCase().match(/[\p{L}\p{N}]{4,}/gu) ?? []

/**
 * The share of the reply's words that its sources (the evidence with titles and labels, the request itself) contain: 1 when all do, 0
 * for an empty reply. A cheap, language-neutral check against replies made of thin air.
 */
export function groundingOf(reply: string, request: string, evidence: KnowledgeHit[]): number {
  const words = wordsOf(reply)
  if (words.length === 0) return 0
  const sources = [
    request,
    ...evidence.flatMap(({ title, text, label }) => [title ?? '', text, label?.replaceAll('_', ' ') ?? '']),
  ]
  const known = new Set(sources.flatMap(wordsOf))
  return words.filter((word) => known.has(word)).length / words.length
}
