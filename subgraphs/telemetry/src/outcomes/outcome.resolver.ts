import { RequiresScopes } from '@signalbox/shared/scopes'
import { Arg, Ctx, Mutation, Resolver } from 'type-graphql'
import type { TelemetryContext } from '../context.ts'
import { RecordOutcomeInput, RecordOutcomePayload } from './outcome.types.ts'

@Resolver()
export class OutcomeResolver {
  @Mutation(() => RecordOutcomePayload, {
    description: 'Reports what happened to a case. Repeating a key changes nothing; the same key with other content is CONFLICT.',
  })
  @RequiresScopes('wrm:write')
  recordOutcome(@Arg('input', () => RecordOutcomeInput) input: RecordOutcomeInput, @Ctx() { outcomes }: TelemetryContext) {
    return outcomes.record(input)
  }
}
