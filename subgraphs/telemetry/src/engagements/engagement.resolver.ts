import { RequiresScopes } from '@signalbox/shared/scopes'
import { Arg, Ctx, Mutation, Resolver } from 'type-graphql'
import type { TelemetryContext } from '../context.ts'
import { SetEngagementInput, SetEngagementPayload } from './engagement.types.ts'

@Resolver()
export class EngagementResolver {
  @Mutation(() => SetEngagementPayload, {
    description: 'States when the engagement started, what it cost and what an hour is worth.',
  })
  @RequiresScopes('org:admin')
  async setEngagement(
    @Arg('input', () => SetEngagementInput) input: SetEngagementInput,
    @Ctx() { engagements }: TelemetryContext,
  ) {
    return { engagement: await engagements.set(input) }
  }
}
