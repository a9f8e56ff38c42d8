import { RequiresScopes } from '@signalbox/shared/scopes'
import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql'
import type { TelemetryContext } from '../context.ts'
import { EffectivenessSnapshot, Run, RunCost } from './run.types.ts'

@Resolver(() => Run)
export class RunResolver {
  @FieldResolver(() => RunCost, { nullable: true, description: 'Null until the first of its transitions has arrived here.' })
  @RequiresScopes('kpi:read')
  cost(@Root() { id }: Run, @Ctx() { runs }: TelemetryContext) {
    return runs.cost(id)
  }

  @FieldResolver(() => EffectivenessSnapshot, {
    nullable: true,
    description: 'Null while its case is open, without a baseline for its workflow, and for test runs, replays and forks.',
  })
  @RequiresScopes('kpi:read')
  effectiveness(@Root() { id }: Run, @Ctx() { runs }: TelemetryContext) {
    return runs.snapshot(id)
  }
}
