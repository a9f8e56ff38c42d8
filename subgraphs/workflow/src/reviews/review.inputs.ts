import { PageArgs } from '@signalbox/shared/connection'
import { DateTime, JSONValue } from '@signalbox/shared/federation'
import { ArgsType, Field, Float, ID, InputType, ObjectType } from 'type-graphql'
import { Run } from '../runs/run.entity.ts'
import { Review, ReviewAction, ReviewStatus } from './review.entity.ts'

@InputType({ description: 'All given conditions must hold; within a list, one of them.' })
export class ReviewFilter {
  @Field(() => [ReviewStatus], { nullable: true }) status?: ReviewStatus[] | null
  @Field(() => ID, { nullable: true }) assignee?: string | null
  @Field(() => [String], { nullable: true, description: 'Ids or slugs.' }) workflow?: string[] | null
  @Field(() => DateTime, { nullable: true }) dueBefore?: Date | null
  @Field(() => [ID], { nullable: true }) organization?: string[] | null
}

@ArgsType()
export class ReviewPageArgs extends PageArgs {
  @Field(() => ReviewFilter, { nullable: true }) filter?: ReviewFilter | null
}

@InputType()
export class DecideReviewInput {
  @Field(() => ID) reviewId!: string
  @Field(() => ReviewAction) action!: ReviewAction
  @Field(() => JSONValue, { nullable: true, description: 'EDIT: { intent, reply }; RESPOND: { reply }; else none.' })
  value?: unknown
  @Field(() => String, { nullable: true }) comment?: string | null
  @Field(() => ID, { description: "The review's checkpointId: the state that was looked at." }) checkpointId!: string
  @Field(() => Float, { nullable: true, description: 'Milliseconds that the reviewer actively spent on it.' }) activeMs?:
    number | null
}

@InputType()
export class AssignReviewInput {
  @Field(() => ID) reviewId!: string
  @Field(() => ID, { nullable: true, description: 'A user; null gives it back to everybody.' }) assigneeId?: string | null
}

@ObjectType()
export class DecideReviewPayload {
  @Field(() => Review) review!: Review
  @Field(() => Run) run!: Run
}

@ObjectType()
export class AssignReviewPayload {
  @Field(() => Review) review!: Review
}
