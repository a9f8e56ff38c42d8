import { Actor, actorOf } from '@signalbox/shared/actor'
import { PageArgs } from '@signalbox/shared/connection'
import { RequiresScopes } from '@signalbox/shared/scopes'
import { Arg, Args, Ctx, FieldResolver, ID, Mutation, Query, Resolver, Root } from 'type-graphql'
import type { WorkflowContext } from '../context.ts'
import { RunFilter } from '../runs/run.inputs.ts'
import { Workflow } from '../workflows/workflow.entity.ts'
import {
  BulkAction,
  BulkOperation,
  BulkOperationConnection,
  BulkPreview,
  BulkRefusal,
  BulkRunsInput,
  BulkRunsPayload,
  WorkflowRunCount,
} from './bulk.types.ts'

@Resolver(() => BulkOperation)
export class BulkResolver {
  @Query(() => BulkPreview, { description: 'What an action on all runs of a filter would do. Nothing is changed.' })
  @RequiresScopes('wrm:write')
  previewBulk(
    @Arg('filter', () => RunFilter) filter: RunFilter,
    @Arg('action', () => BulkAction) action: BulkAction,
    @Ctx() { bulk }: WorkflowContext,
  ) {
    return bulk.preview(filter, action)
  }

  @Query(() => BulkOperation, { nullable: true })
  @RequiresScopes('wrm:read')
  bulkOperation(@Arg('id', () => ID) id: string, @Ctx() { bulk }: WorkflowContext) {
    return bulk.find(id)
  }

  @Query(() => BulkOperationConnection, { description: 'Newest first; kept for 30 days.' })
  @RequiresScopes('wrm:read')
  bulkOperations(@Args(() => PageArgs) { first, after }: PageArgs, @Ctx() { bulk }: WorkflowContext) {
    return bulk.list(first ?? null, after ?? null)
  }

  @Mutation(() => BulkRunsPayload, {
    description:
      'Does it to all runs of the filter that stand so, in the background, oldest first. Refused (PRECONDITION_FAILED) when there are more than the preview counted.',
  })
  @RequiresScopes('wrm:write')
  async bulkRuns(@Arg('input', () => BulkRunsInput) input: BulkRunsInput, @Ctx() { bulk }: WorkflowContext) {
    return { operation: await bulk.start(input) }
  }

  @FieldResolver(() => Actor, { nullable: true })
  startedBy(@Root() { actorKind, actorId }: BulkOperation) {
    return actorOf(actorKind, actorId)
  }

  @FieldResolver(() => [BulkRefusal], { description: 'Why it was not done to some.' })
  refusals(@Root() operation: BulkOperation, @Ctx() { bulk }: WorkflowContext) {
    return bulk.refusals(operation)
  }
}

@Resolver(() => WorkflowRunCount)
export class WorkflowRunCountResolver {
  @FieldResolver(() => Workflow)
  workflow(@Root() { workflowId }: WorkflowRunCount, @Ctx() { workflows }: WorkflowContext) {
    return workflows.byId(workflowId)
  }
}
