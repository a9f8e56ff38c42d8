import { DateTime } from '@signalbox/shared/federation'
import { Field, Float, ID, InputType, ObjectType, registerEnumType } from 'type-graphql'

export enum OutcomeKind {
  CASE_RECEIVED = 'CASE_RECEIVED',
  CASE_CLOSED = 'CASE_CLOSED',
  GOAL_MET = 'GOAL_MET',
  GOAL_MISSED = 'GOAL_MISSED',
  REWORKED = 'REWORKED',
  RECONTACTED = 'RECONTACTED',
  RATED = 'RATED',
  HUMAN_MINUTES = 'HUMAN_MINUTES',
}
registerEnumType(OutcomeKind, {
  name: 'OutcomeKind',
  description: 'RATED carries a value from 1 to 5, HUMAN_MINUTES the minutes of exception work; the others carry none.',
})

@InputType()
export class RecordOutcomeInput {
  @Field(() => String, { description: "The sender's own key: the same key with the same content is one outcome." }) key!: string
  @Field(() => ID) caseId!: string
  @Field(() => OutcomeKind) kind!: OutcomeKind
  @Field(() => DateTime, { description: 'When it happened; late and out of order is fine.' }) at!: Date
  @Field(() => Float, { nullable: true }) value?: number | null
}

@ObjectType({ description: 'Something that happened to a case in the business, as it was reported.' })
export class Outcome {
  @Field(() => String) key!: string
  @Field(() => ID) caseId!: string
  @Field(() => OutcomeKind) kind!: OutcomeKind
  @Field(() => DateTime) at!: Date
  @Field(() => Float, { nullable: true }) value!: number | null
}

@ObjectType()
export class RecordOutcomePayload {
  @Field(() => Outcome) outcome!: Outcome
  @Field(() => Boolean, { description: 'False when the key was seen before.' }) created!: boolean
}
