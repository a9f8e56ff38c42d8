import type { KnowledgeHit } from './knowledge-hit.ts'

/** Evidence that a decision by the nearest examples wants: ask a search for at least as many. */
export const VOTERS = 12

/** How fast a vote loses weight with its score (the kernel's temperature); chosen with the fusion's weights. */
const TEMPERATURE = 0.07
/** A phantom voter of no label with this score: where nothing is near, no label gets a high share. */
const NOBODY = 0.3

export interface Vote {
  label: string
  /** The label's share of the weights, 0 to 1. Not a probability: see `confidenceOf`. */
  share: number
  /** Votes for the label, best first. */
  supporters: KnowledgeHit[]
  runnerUp: { label: string; share: number } | null
}

/** The nearest labelled examples vote, each by exp(score / temperature). Null when none has a label. */
export function vote(evidence: KnowledgeHit[]): Vote | null {
  const voters = evidence.filter((hit) => hit.label !== null).sort((a, b) => b.score - a.score).slice(0, VOTERS)
  const weights = new Map<string, number>()
  for (const { label, score } of voters) weights.set(label!, (weights.get(label!) ?? 0) + Math.exp((score - 1) / TEMPERATURE))
  const nobody = Math.exp((NOBODY - 1) / TEMPERATURE)
  const total = [...weights.values()].reduce((sum, weight) => sum + weight, nobody)
  const ranked = [...weights].map(([label, weight]) => ({ label, share: weight / total })).sort((a, b) => b.share - a.share)
  const [first, second] = ranked
  if (first === undefined) return null
  return { ...first, supporters: voters.filter((hit) => hit.label === first.label), runnerUp: second ?? null }
}
