import { PageArgs } from '@signalbox/shared/connection'
import { RequiresScopes } from '@signalbox/shared/scopes'
import { Arg, Args, Ctx, FieldResolver, Mutation, Resolver, Root } from 'type-graphql'
import type { WorkflowContext } from '../context.ts'
import {
  ForkRunInput,
  ForkRunPayload,
  PauseRunInput,
  PauseRunPayload,
  ReplayRunInput,
  ReplayRunPayload,
  ResumeRunInput,
  ResumeRunPayload,
} from './run-control.inputs.ts'
import { Run, RunConnection } from './run.entity.ts'

@Resolver(() => Run)
export class RunControlResolver {
  @Mutation(() => PauseRunPayload, {
    description: 'Holds a run: at once, or after the step under way. An answer that comes meanwhile is kept.',
  })
  @RequiresScopes('wrm:write')
  async pauseRun(@Arg('input', () => PauseRunInput) { runId }: PauseRunInput, @Ctx() { control }: WorkflowContext) {
    return { run: await control.pause(runId) }
  }

  @Mutation(() => ResumeRunPayload, { description: 'Lets a paused run go on.' })
  @RequiresScopes('wrm:write')
  async resumeRun(@Arg('input', () => ResumeRunInput) { runId }: ResumeRunInput, @Ctx() { control }: WorkflowContext) {
    return { run: await control.resume(runId) }
  }

  @Mutation(() => ReplayRunPayload, {
    description:
      'Runs a request once more as a run of its own, with all that it does outside; it does not count towards the value.',
  })
  @RequiresScopes('wrm:write')
  async replayRun(@Arg('input', () => ReplayRunInput) input: ReplayRunInput, @Ctx() { control }: WorkflowContext) {
    return { run: await control.replay(input) }
  }

  @Mutation(() => ForkRunPayload, {
    description:
      'A run of its own from a saved state of another, on the same or another version; it does not count towards the value. What earlier steps did outside is not repeated, what later ones do is done for the new run.',
  })
  @RequiresScopes('wrm:write')
  async forkRun(@Arg('input', () => ForkRunInput) input: ForkRunInput, @Ctx() { control }: WorkflowContext) {
    return { run: await control.fork(input) }
  }

  @FieldResolver(() => String, {
    nullable: true,
    description: 'Why it does not move at the moment; null when it does or has ended.',
  })
  async waitingFor(@Root() { id, status }: Run, @Ctx() { control }: WorkflowContext) {
    return WAITING.has(status) ? ((await control.waitingFor(id)) ?? null) : null
  }

  @FieldResolver(() => Run, { nullable: true, description: 'The run that it repeats or branched off from.' })
  async forkedFrom(@Root() { forkedFromId }: Run, @Ctx() { runs }: WorkflowContext) {
    return forkedFromId === null ? null : ((await runs.byId(forkedFromId)) ?? null)
  }

  @FieldResolver(() => RunConnection, { description: 'Runs that repeat it or branched off from it, oldest first.' })
  forks(@Root() run: Run, @Args(() => PageArgs) { first, after }: PageArgs, @Ctx() { control }: WorkflowContext) {
    return control.forks(run, first ?? null, after ?? null)
  }
}

const WAITING = new Set<string>(['QUEUED', 'WAITING', 'WAITING_FOR_REVIEW', 'PAUSED'])
