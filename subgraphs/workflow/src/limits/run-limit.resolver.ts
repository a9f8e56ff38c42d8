import { RequiresScopes } from '@signalbox/shared/scopes'
import { Arg, Ctx, Mutation, Query, Resolver } from 'type-graphql'
import type { WorkflowContext } from '../context.ts'
import { RunLimits, SetRunLimitsInput, SetRunLimitsPayload } from './run-limits.type.ts'

@Resolver()
export class RunLimitResolver {
  @Query(() => RunLimits)
  @RequiresScopes('wrm:read')
  runLimits(@Ctx() { limits }: WorkflowContext) {
    return limits.read()
  }

  @Mutation(() => SetRunLimitsPayload, { description: 'Sets or lifts the limits of the active organisation’s runs.' })
  @RequiresScopes('org:admin', 'wrm:read')
  async setRunLimits(@Arg('input', () => SetRunLimitsInput) input: SetRunLimitsInput, @Ctx() { limits }: WorkflowContext) {
    return { limits: await limits.set(input) }
  }
}
