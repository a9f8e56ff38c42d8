import { Arg, ID, Int, Resolver, Root, Subscription } from 'type-graphql'
import { RequiresScopes } from '@signalbox/shared/scopes'
import type { WorkflowContext } from '../context.ts'
import { RunChange } from './change.ts'
import { RunTransition } from './run-transition.entity.ts'
import { RunFilter } from './run.inputs.ts'

interface SubscribeOptions<A> {
  args: A
  context: WorkflowContext
}

@Resolver()
export class RunSubscriptions {
  @Subscription(() => RunTransition, {
    description:
      'What is stored after that number, then live: no gap, no duplicate. Pass the last `seq` that you saw as `after`.',
    subscribe: ({ args, context }: SubscribeOptions<{ runId: string; after?: number | null }>) =>
      context.subscriptions.runTransitions(args.runId, args.after ?? 0) as never,
  })
  @RequiresScopes('wrm:read')
  runTransitions(
    @Root() transition: RunTransition,
    @Arg('runId', () => ID) _runId: string,
    @Arg('after', () => Int, { nullable: true }) _after?: number,
  ): RunTransition {
    return transition
  }

  @Subscription(() => RunChange, {
    description: 'Runs that enter, change in or leave the filtered list, as they stand; from now on, or after a cursor.',
    subscribe: ({ args, context }: SubscribeOptions<{ filter?: RunFilter | null; after?: string | null }>) =>
      context.subscriptions.runsChanged(args.filter ?? {}, args.after ?? null) as never,
  })
  @RequiresScopes('wrm:read')
  runsChanged(
    @Root() change: RunChange,
    @Arg('filter', () => RunFilter, { nullable: true }) _filter?: RunFilter,
    @Arg('after', () => String, { nullable: true }) _after?: string,
  ): RunChange {
    return change
  }
}
