import { RequiresScopes } from '@signalbox/shared/scopes'
import { Arg, Args, Ctx, FieldResolver, ID, Mutation, Query, Resolver, Root } from 'type-graphql'
import type { WorkflowContext } from '../context.ts'
import { Run } from '../runs/run.entity.ts'
import { Review, ReviewConnection } from './review.entity.ts'
import {
  ReviewPageArgs,
  AssignReviewInput,
  AssignReviewPayload,
  DecideReviewInput,
  DecideReviewPayload,
} from './review.inputs.ts'

@Resolver(() => Review)
export class ReviewResolver {
  @Query(() => ReviewConnection, { description: 'Newest first.' })
  @RequiresScopes('wrm:read')
  reviews(@Args(() => ReviewPageArgs) { filter, first, after }: ReviewPageArgs, @Ctx() { reviews }: WorkflowContext) {
    return reviews.list(filter ?? {}, first ?? null, after ?? null)
  }

  @Query(() => Review, { nullable: true })
  @RequiresScopes('wrm:read')
  review(@Arg('id', () => ID) id: string, @Ctx() { reviews }: WorkflowContext) {
    return reviews.find(id)
  }

  @Mutation(() => DecideReviewPayload, { description: 'Answers a review; the first answer counts.' })
  @RequiresScopes('hitl:decide')
  decideReview(@Arg('input', () => DecideReviewInput) input: DecideReviewInput, @Ctx() { reviews }: WorkflowContext) {
    return reviews.decide(input)
  }

  @Mutation(() => AssignReviewPayload)
  @RequiresScopes('hitl:decide')
  async assignReview(
    @Arg('input', () => AssignReviewInput) { reviewId, assigneeId }: AssignReviewInput,
    @Ctx() { reviews }: WorkflowContext,
  ) {
    return { review: await reviews.assign(reviewId, assigneeId ?? null) }
  }

  @FieldResolver(() => Run)
  run(@Root() { runId }: Review, @Ctx() { runs }: WorkflowContext) {
    return runs.find(runId)
  }
}
