import type { KnowledgeHit } from './knowledge-hit.ts'

/** Evidence that a decision by the nearest examples uses: ask a search for at least as many. */
export const EVIDENCE = 25

/** Votes in one electorate. */
const VOTERS = 12

/**
 * The same evidence votes three times: by the whole score, by meaning and by words, and the shares are averaged, so that a label is sure
 * when the three agree. `temperature` says how fast a vote loses weight with its score; `nobody` is the score of a phantom voter without
 * a label, so that where nothing is near, nothing gets a high share. Chosen by leave-one-out cross-validation over 10,003 labelled
 * questions in 77 classes: accuracy 0.907 (the whole score alone 0.903, meaning alone 0.855), and 0.90 of all at a precision of 0.955.
 */
const ELECTORATES: { of: (hit: KnowledgeHit) => number; temperature: number; nobody: number }[] = [
  { of: (hit) => hit.score, temperature: 0.07, nobody: 0.3 },
  { of: (hit) => hit.meaning ?? hit.score, temperature: 0.04, nobody: 0.3 },
  { of: (hit) => hit.words ?? hit.score, temperature: 0.1, nobody: 0.1 },
]

export interface Vote {
  label: string
  /** The label's mean share of the weights, 0 to 1. Not a probability: see `confidenceOf`. */
  share: number
  /** Examples with the label, best first, and how many were asked. */
  supporters: KnowledgeHit[]
  voters: number
  runnerUp: { label: string; share: number } | null
}

/** The nearest labelled examples vote, each by exp(score / temperature). Null when none has a label. */
export function vote(evidence: KnowledgeHit[]): Vote | null {
  const labelled = evidence
    .filter((hit) => hit.label !== null)
    .sort((a, b) => b.score - a.score)
    .slice(0, EVIDENCE)
  const shares = new Map<string, number>()
  for (const electorate of ELECTORATES) {
    for (const [label, share] of sharesIn(labelled, electorate))
      shares.set(label, (shares.get(label) ?? 0) + share / ELECTORATES.length)
  }
  const [first, second] = [...shares].map(([label, share]) => ({ label, share })).sort((a, b) => b.share - a.share)
  if (first === undefined) return null
  const voters = labelled.slice(0, VOTERS)
  return {
    ...first,
    supporters: voters.filter((hit) => hit.label === first.label),
    voters: voters.length,
    runnerUp: second ?? null,
  }
}

function sharesIn(labelled: KnowledgeHit[], { of, temperature, nobody }: (typeof ELECTORATES)[number]): Map<string, number> {
  const weights = new Map<string, number>()
  let total = Math.exp((nobody - 1) / temperature)
  for (const hit of [...labelled].sort((a, b) => of(b) - of(a)).slice(0, VOTERS)) {
    const weight = Math.exp((of(hit) - 1) / temperature)
    weights.set(hit.label!, (weights.get(hit.label!) ?? 0) + weight)
    total += weight
  }
  return new Map([...weights].map(([label, weight]) => [label, weight / total]))
}
