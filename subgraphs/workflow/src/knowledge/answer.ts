import { Field, Float, ObjectType } from 'type-graphql'
import { confidenceOf } from './confidence.ts'
import type { KnowledgeBase } from './knowledge-base.entity.ts'
import { KnowledgeHit } from './knowledge-hit.ts'
import { vote } from './vote.ts'

/** What a decision by the nearest examples says about one text. */
@ObjectType({ description: 'What the examples of a base say about a text, without a run.' })
export class KnowledgeAnswer {
  @Field(() => String, { nullable: true, description: 'Null where no example resembles the text.' }) label!: string | null
  @Field(() => Float, { description: 'Probability that the label is right, by the base’s calibration; below 0.5 without one.' })
  confidence!: number
  @Field(() => Boolean, { description: 'Whether the confidence reaches the calibrated threshold: no person need be asked.' })
  automatic!: boolean
  @Field(() => [KnowledgeHit], { description: 'The passages found, best first.' }) hits!: KnowledgeHit[]
}

/** @param limit of the hits that are given back; the vote counts them all */
export function answerFrom({ calibration }: KnowledgeBase, hits: KnowledgeHit[], limit: number): KnowledgeAnswer {
  const elected = vote(hits)
  const confidence = elected === null ? 0 : confidenceOf(elected.share, calibration)
  const automatic = elected !== null && calibration !== null && confidence >= calibration.threshold
  return { label: elected?.label ?? null, confidence, automatic, hits: hits.slice(0, limit) }
}
