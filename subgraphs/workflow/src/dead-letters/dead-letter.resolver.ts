import { RequiresScopes } from '@signalbox/shared/scopes'
import { Arg, Ctx, FieldResolver, Int, Mutation, Query, Resolver, Root } from 'type-graphql'
import type { WorkflowContext } from '../context.ts'
import { Organization } from '../organizations/organization.entity.ts'
import { Run } from '../runs/run.entity.ts'
import { Workflow } from '../workflows/workflow.entity.ts'
import {
  DeadLetterGroup,
  DismissRunsInput,
  DismissRunsPayload,
  RedriveRunsInput,
  RedriveRunsPayload,
} from './dead-letter.types.ts'

@Resolver(() => DeadLetterGroup)
export class DeadLetterResolver {
  @Query(() => [DeadLetterGroup], {
    description:
      'Runs that failed or expired and were not tried again, run again or dismissed, in groups of like failures: the latest first, 25 unless `first` says otherwise.',
  })
  @RequiresScopes('wrm:read')
  deadLetters(@Arg('first', () => Int, { nullable: true }) first: number | null, @Ctx() { failures }: WorkflowContext) {
    return failures.groups(first ?? null)
  }

  @Mutation(() => RedriveRunsPayload, { description: 'Tries all runs of a group again, in the background.' })
  @RequiresScopes('wrm:write')
  async redriveRuns(@Arg('input', () => RedriveRunsInput) input: RedriveRunsInput, @Ctx() { failures }: WorkflowContext) {
    return { operation: await failures.redrive(input) }
  }

  @Mutation(() => DismissRunsPayload, { description: 'Takes failed runs off the list of those that wait for somebody.' })
  @RequiresScopes('wrm:write')
  async dismissRuns(@Arg('input', () => DismissRunsInput) input: DismissRunsInput, @Ctx() { failures }: WorkflowContext) {
    return { dismissed: await failures.dismiss(input) }
  }

  @FieldResolver(() => Workflow)
  workflow(@Root() { workflowId }: DeadLetterGroup, @Ctx() { workflows }: WorkflowContext) {
    return workflows.byId(workflowId)
  }

  @FieldResolver(() => Organization, { nullable: true })
  organization(@Root() { organizationId }: DeadLetterGroup) {
    return Object.assign(new Organization(), { id: organizationId })
  }

  @FieldResolver(() => Run, { description: 'The latest of them.' })
  example(@Root() { exampleId }: DeadLetterGroup, @Ctx() { runs }: WorkflowContext) {
    return runs.find(exampleId)
  }
}
