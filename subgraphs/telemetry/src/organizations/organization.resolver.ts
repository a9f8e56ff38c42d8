import { RequiresScopes } from '@signalbox/shared/scopes'
import { Arg, Ctx, FieldResolver, Resolver, Root } from 'type-graphql'
import type { TelemetryContext } from '../context.ts'
import { KpiReport } from '../kpis/kpi.types.ts'
import { TimeRange } from '../kpis/time-range.ts'
import { Organization } from './organization.entity.ts'

@Resolver(() => Organization)
export class OrganizationResolver {
  @FieldResolver(() => KpiReport, {
    nullable: true,
    description: "The five business figures of this organisation; an agency's include its clients'.",
  })
  @RequiresScopes('kpi:read')
  kpis(@Root() { id }: Organization, @Arg('range', () => TimeRange) range: TimeRange, @Ctx() { kpis }: TelemetryContext) {
    return kpis.ofOrganization(id, range)
  }
}
