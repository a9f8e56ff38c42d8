import { DateTime } from '@signalbox/shared/federation'
import { Field, Float, InputType, ObjectType } from 'type-graphql'
import { Money } from '../runs/money.ts'

@ObjectType({
  description: 'What time to benefit, payback and on-time are measured from: one per workflow, or for the whole organisation.',
})
export class Engagement {
  @Field(() => String, { nullable: true, description: "The workflow's slug; null: the whole organisation." }) workflow!:
    string | null
  @Field(() => DateTime) startedAt!: Date
  @Field(() => Money, { description: 'What building it cost.' }) buildCost!: Money
  @Field(() => Money, { description: 'The loaded hourly rate of the people relieved.' }) hourlyRate!: Money
  @Field(() => Float, { nullable: true, description: 'A case closed within so many hours is on time.' }) targetHours!:
    number | null
}

@InputType()
export class SetEngagementInput {
  @Field(() => String, { nullable: true, description: "A workflow's id or slug; absent: the whole organisation." }) workflow?:
    string | null
  @Field(() => DateTime) startedAt!: Date
  @Field(() => String, { description: 'US dollars, a decimal string.' }) buildCost!: string
  @Field(() => String, { description: 'US dollars an hour, a decimal string.' }) hourlyRate!: string
  @Field(() => Float, { nullable: true }) targetHours?: number | null
}

@ObjectType()
export class SetEngagementPayload {
  @Field(() => Engagement) engagement!: Engagement
}
