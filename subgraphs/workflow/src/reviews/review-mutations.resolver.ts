import { RequiresScopes } from '@signalbox/shared/scopes'
import { Arg, Ctx, Mutation, Resolver } from 'type-graphql'
import type { WorkflowContext } from '../context.ts'
import {
  AssignReviewInput,
  AssignReviewPayload,
  ClaimReviewInput,
  ClaimReviewPayload,
  DecideReviewInput,
  DecideReviewPayload,
  DecideReviewsInput,
  DecideReviewsPayload,
  DelegateReviewInput,
  DelegateReviewPayload,
  ReleaseReviewInput,
  ReleaseReviewPayload,
  RotateReviewSecretInput,
  RotateReviewSecretPayload,
} from './review.inputs.ts'

@Resolver()
export class ReviewMutationsResolver {
  @Mutation(() => DecideReviewPayload, {
    description:
      'Answers a review; the first answer counts, and repeating one’s own is no fault. Where several must agree, one that agrees is counted.',
  })
  @RequiresScopes('hitl:decide')
  decideReview(@Arg('input', () => DecideReviewInput) input: DecideReviewInput, @Ctx() { reviews }: WorkflowContext) {
    return reviews.decide(input)
  }

  @Mutation(() => DecideReviewsPayload, { description: 'Answers many reviews, each by itself.' })
  @RequiresScopes('hitl:decide')
  async decideReviews(
    @Arg('input', () => DecideReviewsInput) { decisions }: DecideReviewsInput,
    @Ctx() { reviews }: WorkflowContext,
  ) {
    return { outcomes: await reviews.decideMany(decisions) }
  }

  @Mutation(() => AssignReviewPayload)
  @RequiresScopes('hitl:decide')
  async assignReview(
    @Arg('input', () => AssignReviewInput) { reviewId, assigneeId }: AssignReviewInput,
    @Ctx() { reviews }: WorkflowContext,
  ) {
    return { review: await reviews.assign(reviewId, assigneeId ?? null) }
  }

  @Mutation(() => DelegateReviewPayload, { description: 'Hands a review to somebody else; it is kept who did and why.' })
  @RequiresScopes('hitl:decide')
  async delegateReview(@Arg('input', () => DelegateReviewInput) input: DelegateReviewInput, @Ctx() { reviews }: WorkflowContext) {
    return { review: await reviews.delegate(input) }
  }

  @Mutation(() => ClaimReviewPayload, {
    description: 'Says that the caller is at it: nobody else decides it for 30 minutes. Again: 30 minutes from then.',
  })
  @RequiresScopes('hitl:decide')
  async claimReview(@Arg('input', () => ClaimReviewInput) { reviewId }: ClaimReviewInput, @Ctx() { reviews }: WorkflowContext) {
    return { review: await reviews.claim(reviewId) }
  }

  @Mutation(() => ReleaseReviewPayload, { description: 'Ends the caller’s claim; an owner also ends that of another.' })
  @RequiresScopes('hitl:decide')
  async releaseReview(
    @Arg('input', () => ReleaseReviewInput) { reviewId }: ReleaseReviewInput,
    @Ctx() { reviews }: WorkflowContext,
  ) {
    return { review: await reviews.release(reviewId) }
  }

  @Mutation(() => RotateReviewSecretPayload, {
    description:
      'Makes a new secret that decisions sent to n8n are signed with (Standard Webhooks); the former one ends at once. Also the way to get to know it.',
  })
  @RequiresScopes('org:admin')
  async rotateReviewSecret(
    @Arg('input', () => RotateReviewSecretInput) { organizationId }: RotateReviewSecretInput,
    @Ctx() { reviewSecrets }: WorkflowContext,
  ) {
    return { secret: await reviewSecrets.rotate(organizationId) }
  }
}
