import { RequiresScopes } from '@signalbox/shared/scopes'
import { Args, ArgsType, Ctx, Field, Query, Resolver } from 'type-graphql'
import type { TelemetryContext } from '../context.ts'
import { TimeRange } from '../kpis/time-range.ts'
import { TechnicalHealth } from './health.types.ts'

@ArgsType()
class HealthArgs {
  @Field(() => TimeRange) range!: TimeRange
  @Field(() => String, { nullable: true, description: "A workflow's id or slug; absent: all of them." }) workflow?: string | null
}

@Resolver()
export class HealthResolver {
  @Query(() => TechnicalHealth, {
    description: "How the machine does, for the active organisation; an agency's includes its clients'.",
  })
  @RequiresScopes('telemetry:read')
  technicalHealth(@Args(() => HealthArgs) { range, workflow }: HealthArgs, @Ctx() { health }: TelemetryContext) {
    return health.report(range, workflow ?? null)
  }
}
