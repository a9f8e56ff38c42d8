import { RequiresScopes } from '@signalbox/shared/scopes'
import { Arg, Ctx, Mutation, Resolver } from 'type-graphql'
import type { TelemetryContext } from '../context.ts'
import { SetBaselineInput, SetBaselinePayload } from './baseline.types.ts'

@Resolver()
export class BaselineResolver {
  @Mutation(() => SetBaselinePayload, {
    description:
      'States how it was before go-live. It makes a new version; figures and snapshots that used an older one keep it.',
  })
  @RequiresScopes('org:admin')
  setBaseline(@Arg('input', () => SetBaselineInput) input: SetBaselineInput, @Ctx() { baselines }: TelemetryContext) {
    return baselines.set(input)
  }
}
