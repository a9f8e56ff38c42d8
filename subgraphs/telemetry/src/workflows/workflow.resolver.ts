import { RequiresScopes } from '@signalbox/shared/scopes'
import { Arg, Ctx, FieldResolver, Resolver, Root } from 'type-graphql'
import type { TelemetryContext } from '../context.ts'
import { KpiReport } from '../kpis/kpi.types.ts'
import { TimeRange } from '../kpis/time-range.ts'
import { Workflow } from './workflow.entity.ts'

@Resolver(() => Workflow)
export class WorkflowResolver {
  @FieldResolver(() => KpiReport, { nullable: true, description: 'The five business figures of this workflow.' })
  @RequiresScopes('kpi:read')
  kpis(@Root() { id }: Workflow, @Arg('range', () => TimeRange) range: TimeRange, @Ctx() { kpis }: TelemetryContext) {
    return kpis.ofWorkflow(id, range)
  }
}
