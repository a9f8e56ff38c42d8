import { Actor, actorOf } from '@signalbox/shared/actor'
import { connectionType, PageArgs } from '@signalbox/shared/connection'
import { RequiresScopes } from '@signalbox/shared/scopes'
import { Arg, Args, Ctx, FieldResolver, Mutation, Resolver, Root } from 'type-graphql'
import type { WorkflowContext } from '../../context.ts'
import { Run } from '../../runs/run.entity.ts'
import { Workflow } from '../../workflows/workflow.entity.ts'
import { RunEventFiring, RunEventTrigger } from './run-event-trigger.entity.ts'
import {
  CreateRunEventTriggerInput,
  CreateRunEventTriggerPayload,
  DeleteRunEventTriggerInput,
  DeleteRunEventTriggerPayload,
  UpdateRunEventTriggerInput,
  UpdateRunEventTriggerPayload,
} from './run-event-trigger.inputs.ts'

const RunEventFiringConnection = connectionType('RunEventFiring', () => RunEventFiring)

@Resolver(() => RunEventTrigger)
export class RunEventTriggerResolver {
  @Mutation(() => CreateRunEventTriggerPayload, { description: 'Starts runs when others end; once for each that ends.' })
  @RequiresScopes('wrm:write')
  async createRunEventTrigger(
    @Arg('input', () => CreateRunEventTriggerInput) input: CreateRunEventTriggerInput,
    @Ctx() { runEvents }: WorkflowContext,
  ) {
    return { trigger: await runEvents.create(input) }
  }

  @Mutation(() => UpdateRunEventTriggerPayload)
  @RequiresScopes('wrm:write')
  async updateRunEventTrigger(
    @Arg('input', () => UpdateRunEventTriggerInput) input: UpdateRunEventTriggerInput,
    @Ctx() { runEvents }: WorkflowContext,
  ) {
    return { trigger: await runEvents.update(input) }
  }

  @Mutation(() => DeleteRunEventTriggerPayload, { description: 'Its runs stay.' })
  @RequiresScopes('wrm:write')
  async deleteRunEventTrigger(
    @Arg('input', () => DeleteRunEventTriggerInput) { id }: DeleteRunEventTriggerInput,
    @Ctx() { runEvents }: WorkflowContext,
  ) {
    return { trigger: await runEvents.remove(id) }
  }

  @FieldResolver(() => RunEventFiringConnection, { description: 'By the run that ended, newest first.' })
  firings(
    @Root() trigger: RunEventTrigger,
    @Args(() => PageArgs) { first, after }: PageArgs,
    @Ctx() { runEvents }: WorkflowContext,
  ) {
    return runEvents.firings(trigger, first ?? null, after ?? null)
  }

  @FieldResolver(() => Run, { nullable: true, description: 'The latest that it started.' })
  lastRun(@Root() { id }: RunEventTrigger, @Ctx() { runEvents }: WorkflowContext) {
    return runEvents.lastRun(id)
  }

  @FieldResolver(() => Workflow, { description: 'Whose runs end.' })
  sourceWorkflow(@Root() { sourceWorkflowId }: RunEventTrigger, @Ctx() { workflows }: WorkflowContext) {
    return workflows.byId(sourceWorkflowId)
  }

  @FieldResolver(() => Workflow, { description: 'What is started.' })
  workflow(@Root() { workflowId }: RunEventTrigger, @Ctx() { workflows }: WorkflowContext) {
    return workflows.byId(workflowId)
  }

  @FieldResolver(() => Actor, { nullable: true })
  createdBy(@Root() { createdByKind, createdById }: RunEventTrigger) {
    return actorOf(createdByKind, createdById)
  }
}

@Resolver(() => RunEventFiring)
export class RunEventFiringResolver {
  @FieldResolver(() => Run, { nullable: true, description: 'The run that ended.' })
  sourceRun(@Root() { sourceRunId }: RunEventFiring, @Ctx() { runs }: WorkflowContext) {
    return runs.byId(sourceRunId)
  }

  @FieldResolver(() => Run, { nullable: true, description: 'The run that was started.' })
  run(@Root() { runId }: RunEventFiring, @Ctx() { runs }: WorkflowContext) {
    return runId === null ? null : runs.byId(runId)
  }
}
