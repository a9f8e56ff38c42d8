import { PageArgs, toConnection } from '@signalbox/shared/connection'
import { JSONValue } from '@signalbox/shared/federation'
import { RequiresScopes } from '@signalbox/shared/scopes'
import { Arg, Args, Ctx, FieldResolver, ID, Int, Mutation, Query, Resolver, Root } from 'type-graphql'
import { Actor, actorOf } from '@signalbox/shared/actor'
import { Organization } from '../organizations/organization.entity.ts'
import { AnnotationConnection } from '../annotations/annotation.entity.ts'
import { ArtifactConnection } from '../artifacts/artifact.entity.ts'
import type { WorkflowContext } from '../context.ts'
import { Review } from '../reviews/review.entity.ts'
import { WorkflowVersion } from '../workflows/workflow-version.entity.ts'
import { Workflow } from '../workflows/workflow.entity.ts'
import { CheckpointConnection } from './checkpoint.ts'
import { RunGraph, RunStep } from './run-graph.ts'
import { progressOf, stepsOf } from './run-progress.ts'
import { RunTransition, RunTransitionConnection } from './run-transition.entity.ts'
import { Run, RunConnection } from './run.entity.ts'
import {
  RunPageArgs,
  CancelRunInput,
  CancelRunPayload,
  RetryRunInput,
  RetryRunPayload,
  StartRunInput,
  StartRunPayload,
  StartRunsInput,
  StartRunsPayload,
} from './run.inputs.ts'

@Resolver(() => Run)
export class RunResolver {
  @Query(() => RunConnection, {
    description: 'Newest first unless ordered; `first`/`after` forwards, `last`/`before` backwards.',
  })
  @RequiresScopes('wrm:read')
  runs(@Args(() => RunPageArgs) args: RunPageArgs, @Ctx() { runs }: WorkflowContext) {
    return runs.list(args)
  }

  @Query(() => Run, { nullable: true })
  @RequiresScopes('wrm:read')
  run(@Arg('id', () => ID) id: string, @Ctx() { runs }: WorkflowContext) {
    return runs.find(id)
  }

  @Mutation(() => StartRunPayload, { description: 'Starts a run, or gives the first one with the same idempotency key.' })
  @RequiresScopes('wrm:write')
  startRun(@Arg('input', () => StartRunInput) input: StartRunInput, @Ctx() { runs }: WorkflowContext) {
    return runs.start(input)
  }

  @Mutation(() => StartRunsPayload, { description: 'Starts up to 100 runs of one workflow at once: all or none.' })
  @RequiresScopes('wrm:write')
  startRuns(@Arg('input', () => StartRunsInput) input: StartRunsInput, @Ctx() { runs }: WorkflowContext) {
    return runs.startMany(input)
  }

  @Mutation(() => CancelRunPayload, {
    description: 'Stops a run for good, and the runs that it waits for. What it already did outside stays done.',
  })
  @RequiresScopes('wrm:write')
  async cancelRun(@Arg('input', () => CancelRunInput) { runId, reason }: CancelRunInput, @Ctx() { runs }: WorkflowContext) {
    return { run: await runs.cancel(runId, reason ?? null) }
  }

  @Mutation(() => RetryRunPayload, {
    description: 'Queues a run that failed or expired again; what it did outside already is not repeated.',
  })
  @RequiresScopes('wrm:write')
  async retryRun(@Arg('input', () => RetryRunInput) { runId, from }: RetryRunInput, @Ctx() { runs }: WorkflowContext) {
    return { run: await runs.retry(runId, from ?? undefined) }
  }

  @FieldResolver(() => Workflow)
  workflow(@Root() { workflowId }: Run, @Ctx() { workflows }: WorkflowContext) {
    return workflows.byId(workflowId)
  }

  @FieldResolver(() => WorkflowVersion)
  version(@Root() { versionId }: Run, @Ctx() { workflows }: WorkflowContext) {
    return workflows.versionById(versionId)
  }

  @FieldResolver(() => Organization, { nullable: true })
  organization(@Root() { organizationId }: Run) {
    return Object.assign(new Organization(), { id: organizationId })
  }

  @FieldResolver(() => Actor, { nullable: true })
  startedBy(@Root() { startedByKind, startedById }: Run) {
    return actorOf(startedByKind, startedById)
  }

  @FieldResolver(() => RunTransitionConnection, { description: 'In order. `after` is a sequence number.' })
  transitions(
    @Root() run: Run,
    @Arg('after', () => Int, { nullable: true }) after: number | null,
    @Arg('first', () => Int, { nullable: true }) first: number | null,
    @Ctx() { history }: WorkflowContext,
  ) {
    return history.transitions(run, after ?? 0, first ?? null)
  }

  @FieldResolver(() => [RunStep], { description: 'The visits of steps so far, in order, with every try.' })
  async steps(@Root() run: Run, @Ctx() { history }: WorkflowContext) {
    return stepsOf(await history.log(run))
  }

  @FieldResolver(() => RunGraph)
  async graph(@Root() run: Run, @Ctx() { history, workflows }: WorkflowContext) {
    const [version, log] = await Promise.all([workflows.versionById(run.versionId), history.log(run)])
    return progressOf(version!.definition, run, log)
  }

  @FieldResolver(() => JSONValue, { nullable: true, description: 'The state after the last saved step; null before the first.' })
  state(@Root() run: Run, @Ctx() { history }: WorkflowContext) {
    return history.state(run)
  }

  @FieldResolver(() => CheckpointConnection, { description: 'Newest first.' })
  checkpoints(@Root() run: Run, @Args(() => PageArgs) { first, after }: PageArgs, @Ctx() { history }: WorkflowContext) {
    return history.checkpoints(run, first ?? null, after ?? null)
  }

  @FieldResolver(() => [Review], { description: 'In the order they were opened.' })
  async reviews(@Root() { id }: Run, @Ctx() { reviews }: WorkflowContext) {
    return (await reviews.ofRun(id)) ?? []
  }

  @FieldResolver(() => ArtifactConnection, { description: 'All of them, oldest first.' })
  async artifacts(@Root() { id }: Run, @Ctx() { artifacts }: WorkflowContext) {
    const files = await artifacts.ofRun(id)
    return toConnection(files, files.length, (file) => file.id, files.length)
  }

  @FieldResolver(() => AnnotationConnection, { description: 'Oldest first.' })
  annotations(@Root() run: Run, @Args(() => PageArgs) { first, after }: PageArgs, @Ctx() { annotations }: WorkflowContext) {
    return annotations.ofRun(run, first ?? null, after ?? null)
  }
}

@Resolver(() => RunTransition)
export class RunTransitionResolver {
  @FieldResolver(() => Run, { description: 'As it stands now, which may be further on than this transition.' })
  run(@Root() { runId }: RunTransition, @Ctx() { runs }: WorkflowContext) {
    return runs.find(runId)
  }

  @FieldResolver(() => Actor, { nullable: true, description: 'The person or client whose act it was; null for the machine.' })
  actor(@Root() { actorKind, actorId }: RunTransition) {
    return actorOf(actorKind, actorId)
  }
}
