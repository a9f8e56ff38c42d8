import { PageArgs } from '@signalbox/shared/connection'
import { DateTime, JSONValue } from '@signalbox/shared/federation'
import { ArgsType, Field, Float, ID, InputType, ObjectType } from 'type-graphql'
import { Run } from '../runs/run.entity.ts'
import { Review, ReviewAction, ReviewStatus } from './review.entity.ts'

@InputType({ description: 'All given conditions must hold; within a list, one of them.' })
export class ReviewFilter {
  @Field(() => [ReviewStatus], { nullable: true }) status?: ReviewStatus[] | null
  @Field(() => ID, { nullable: true }) assignee?: string | null
  @Field(() => ID, { nullable: true, description: 'Who is at it.' }) claimedBy?: string | null
  @Field(() => Boolean, { nullable: true, description: 'Assigned to the caller, or the caller is at it.' }) mine?: boolean | null
  @Field(() => String, { nullable: true, description: 'Those that only this role and above may decide.' }) role?: string | null
  @Field(() => Boolean, { nullable: true, description: 'Open, and due before now; or not.' }) overdue?: boolean | null
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
  @Field(() => JSONValue, { nullable: true, description: 'EDIT: what is other than proposed; RESPOND: the answer; else none.' })
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

@InputType()
export class DecideReviewsInput {
  @Field(() => [DecideReviewInput], { description: '1 to 100.' }) decisions!: DecideReviewInput[]
}

@InputType()
export class ClaimReviewInput {
  @Field(() => ID) reviewId!: string
}

@InputType()
export class ReleaseReviewInput {
  @Field(() => ID) reviewId!: string
}

@InputType()
export class DelegateReviewInput {
  @Field(() => ID) reviewId!: string
  @Field(() => ID, { description: 'A user.' }) to!: string
  @Field(() => String, { nullable: true, description: 'What they should know.' }) comment?: string | null
}

@ObjectType({ description: 'Why one of several decisions was not taken.' })
export class ReviewFault {
  @Field(() => String, { description: 'As in `errors[].extensions.code`.' }) code!: string
  @Field(() => String) message!: string
  @Field(() => JSONValue, { nullable: true, description: 'What stands instead.' }) current!: unknown
}

@ObjectType({ description: 'What became of one of several decisions: a review and its run, or a fault.' })
export class ReviewOutcome {
  @Field(() => ID) reviewId!: string
  @Field(() => Review, { nullable: true }) review!: Review | null
  @Field(() => Run, { nullable: true }) run!: Run | null
  @Field(() => ReviewFault, { nullable: true }) fault!: ReviewFault | null
}

@ObjectType()
export class DecideReviewsPayload {
  @Field(() => [ReviewOutcome], { description: 'In the order of the decisions.' }) outcomes!: ReviewOutcome[]
}

@ObjectType()
export class ClaimReviewPayload {
  @Field(() => Review) review!: Review
}

@ObjectType()
export class ReleaseReviewPayload {
  @Field(() => Review) review!: Review
}

@ObjectType()
export class DelegateReviewPayload {
  @Field(() => Review) review!: Review
}

@InputType()
export class RotateReviewSecretInput {
  @Field(() => ID, { description: 'The organisation that the caller acts in.' }) organizationId!: string
}

@ObjectType()
export class RotateReviewSecretPayload {
  @Field(() => String, { description: 'Begins with `whsec_`. It is shown only here.' }) secret!: string
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
