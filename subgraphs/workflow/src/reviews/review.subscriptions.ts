import { RequiresScopes } from '@signalbox/shared/scopes'
import { Arg, Resolver, Root, Subscription } from 'type-graphql'
import type { WorkflowContext } from '../context.ts'
import { ReviewChange } from '../runs/change.ts'
import { ReviewFilter } from './review.inputs.ts'

@Resolver()
export class ReviewSubscriptions {
  @Subscription(() => ReviewChange, {
    description: 'Reviews that enter, change in or leave the filtered list, as they stand; from now on, or after a cursor.',
    subscribe: ({ args, context }: { args: { filter?: ReviewFilter | null; after?: string | null }; context: WorkflowContext }) =>
      context.subscriptions.reviewsChanged(args.filter ?? {}, args.after ?? null) as never,
  })
  @RequiresScopes('wrm:read')
  reviewsChanged(
    @Root() change: ReviewChange,
    @Arg('filter', () => ReviewFilter, { nullable: true }) _filter?: ReviewFilter,
    @Arg('after', () => String, { nullable: true }) _after?: string,
  ): ReviewChange {
    return change
  }
}
