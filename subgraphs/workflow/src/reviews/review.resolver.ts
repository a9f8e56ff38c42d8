import { RequiresScopes } from '@signalbox/shared/scopes'
import { Arg, Args, Ctx, FieldResolver, ID, Query, Resolver, Root } from 'type-graphql'
import type { WorkflowContext } from '../context.ts'
import { Run } from '../runs/run.entity.ts'
import { Review, ReviewConnection } from './review.entity.ts'
import { ReviewPageArgs } from './review.inputs.ts'
import { ReviewDelivery, ReviewHandover, ReviewRight, ReviewVote } from './review-trail.types.ts'

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

  @FieldResolver(() => Run)
  run(@Root() { runId }: Review, @Ctx() { runs }: WorkflowContext) {
    return runs.find(runId)
  }

  @FieldResolver(() => ReviewRight)
  canDecide(@Root() review: Review, @Ctx() { reviews }: WorkflowContext) {
    return reviews.rightTo(review)
  }

  @FieldResolver(() => [ReviewVote], { description: 'Where several must agree: what each wants, oldest first.' })
  async votes(@Root() { id, quorum }: Review, @Ctx() { reviewTrail }: WorkflowContext) {
    return quorum === 1 ? [] : ((await reviewTrail.votesOf(id)) ?? [])
  }

  @FieldResolver(() => [ReviewHandover], { description: 'Through whose hands it went, oldest first.' })
  async handovers(@Root() { id }: Review, @Ctx() { reviewTrail }: WorkflowContext) {
    return (await reviewTrail.handoversOf(id)) ?? []
  }

  @FieldResolver(() => [ReviewDelivery], { description: 'Where the decision was sent, where the run asks for that.' })
  async deliveries(@Root() { id }: Review, @Ctx() { reviewTrail }: WorkflowContext) {
    return (await reviewTrail.deliveriesOf(id)) ?? []
  }
}
