import { createHash } from 'node:crypto'
import type { ReviewPolicy } from '../workflows/definition.ts'

/** What a policy judges; null: not known, and not judged. */
export interface Facts {
  /** What a model recognised; empty: nothing that it knows. */
  label: string | null
  action: string | null
  amount: number | null
  /** 0 to 1. */
  confidence: number | null
  /** The confidence from which no person is needed, for a policy that asks for one. */
  threshold: number | null
}

export interface Need {
  /** Why a person must decide; null when nobody must. */
  personNeeded: string | null
  /** How many must agree. */
  quorum: number
}

/** Whether the policy wants a person. @param key the same in every try: samples are drawn by it */
export function needOfPerson(policy: ReviewPolicy, facts: Facts, key: string): Need {
  const { action, amount } = facts
  const tier = policy.amounts.filter(({ above }) => amount !== null && amount > above).sort((a, b) => b.above - a.above)[0]
  const why =
    (action !== null && policy.actions.includes(action) ? `the policy asks for one before "${action}".` : null) ??
    (tier === undefined
      ? null
      : `${amount} is above ${tier.above}${tier.quorum > 1 ? `, where ${tier.quorum} must agree` : ''}.`) ??
    doubt(policy, facts) ??
    (isSampled(policy.sampleRate, key) ? 'drawn as a sample.' : null)
  return { personNeeded: why === null ? null : `A person must decide: ${why}`, quorum: why === null ? 0 : (tier?.quorum ?? 1) }
}

function doubt({ confidence: rule }: ReviewPolicy, { label, confidence, threshold }: Facts): string | null {
  if (label === '') return 'nothing that is known fits the request.'
  if (rule === undefined || confidence === null) return null
  if (threshold === null) return 'the knowledge base is not calibrated yet.'
  return confidence < threshold ? `below the ${Math.round(threshold * 100)} % that the policy asks for.` : null
}

const isSampled = (rate: number, key: string) =>
  rate > 0 && createHash('sha256').update(key).digest().readUInt32BE() / 0xffffffff < rate
