import { RequiresScopes } from '@signalbox/shared/scopes'
import { Arg, Args, ArgsType, Ctx, Field, Query, Resolver, Root, Subscription } from 'type-graphql'
import type { TelemetryContext } from '../context.ts'
import { KpiReport } from './kpi.types.ts'
import { TimeRange } from './time-range.ts'

@ArgsType()
class KpiArgs {
  @Field(() => TimeRange) range!: TimeRange
  @Field(() => String, { nullable: true, description: "A workflow's id or slug; absent: all of them." }) workflow?: string | null
}

@Resolver()
export class KpiResolver {
  @Query(() => KpiReport, {
    description:
      "The five business figures of the active organisation; an agency's include its clients'. Cases count by when they closed.",
  })
  @RequiresScopes('kpi:read')
  kpis(
    @Args(() => KpiArgs) { range, workflow }: KpiArgs,
    @Arg('compareTo', () => TimeRange, { nullable: true }) compareTo: TimeRange | undefined,
    @Ctx() { kpis }: TelemetryContext,
  ) {
    return kpis.ofViewer({ range, workflow: workflow ?? null, compareTo: compareTo ?? null })
  }

  @Subscription(() => KpiReport, {
    description: 'The figures again whenever something that they rest on has changed, at most once a second.',
    subscribe: ({ context, args }) => (context as TelemetryContext).kpis.changes(args as KpiArgs),
  })
  @RequiresScopes('kpi:read')
  kpisChanged(@Args(() => KpiArgs) _args: KpiArgs, @Root() report: KpiReport): KpiReport {
    return report
  }
}
