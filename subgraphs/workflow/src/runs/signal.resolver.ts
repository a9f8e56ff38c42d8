import { RequiresScopes } from '@signalbox/shared/scopes'
import { Arg, Ctx, Mutation, Resolver } from 'type-graphql'
import type { WorkflowContext } from '../context.ts'
import { SignalRunsInput, SignalRunsPayload } from './signal.inputs.ts'

@Resolver()
export class SignalResolver {
  @Mutation(() => SignalRunsPayload, { description: 'Tells runs that wait for an event that it came.' })
  @RequiresScopes('wrm:write')
  async signalRuns(@Arg('input', () => SignalRunsInput) input: SignalRunsInput, @Ctx() { signals }: WorkflowContext) {
    return { runs: await signals.signal(input) }
  }
}
