import { Field, ID, Int, ObjectType } from 'type-graphql'

@ObjectType({ description: 'Why a run or one attempt of a step failed, in words for the business.' })
export class RunFailure {
  @Field(() => String, { description: 'INPUT, KNOWLEDGE, MODEL, TOOL, POLICY, BUDGET, TIMEOUT or PLATFORM.' }) code!: string
  @Field(() => String) reason!: string
  @Field(() => String, { nullable: true }) node!: string | null
  @Field(() => Int, { nullable: true, description: 'Which try of the step it was, from 1.' }) attempt!: number | null
  @Field(() => Boolean, { description: 'Whether trying again can help without a change.' }) retryable!: boolean
  @Field(() => String, { nullable: true, description: 'What it means for the business case, by what was already done outside.' })
  consequence!: string | null
  @Field(() => String, { nullable: true, description: 'What would help.' }) advice?: string | null
  @Field(() => ID, { nullable: true, description: 'Like failures have the same; null for a try of a step.' }) group?:
    string | null
}

@ObjectType({ description: 'What a model call used.' })
export class TokenUsage {
  @Field(() => String) model!: string
  @Field(() => Int) inputTokens!: number
  @Field(() => Int) outputTokens!: number
  @Field(() => String, { description: 'US dollars, a decimal string.' }) costUsd!: string
}
