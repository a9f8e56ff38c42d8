import { DateTime } from '@signalbox/shared/federation'
import { Directive, Field, Float, ID, Int, ObjectType } from 'type-graphql'
import { KpiBaseline } from '../baselines/baseline.types.ts'
import { Money } from './money.ts'

@ObjectType({ description: 'What a run cost so far: its models and its machine time.' })
export class RunCost {
  @Field(() => Money) total!: Money
  @Field(() => Float, { description: 'Input and output tokens of every model call.' }) tokens!: number
  @Field(() => Int, { description: 'The transition up to which the cost is counted; it follows the run.' }) asOfSeq!: number
}

@ObjectType({
  description: 'Before and after for one run, frozen when its case closed. A late outcome makes a successor; this is the latest.',
})
export class EffectivenessSnapshot {
  @Field(() => ID) caseId!: string
  @Field(() => String, { description: 'TURNAROUND: hours from received to closed.' }) kpi!: string
  @Field(() => KpiBaseline) before!: KpiBaseline
  @Field(() => Float, { description: 'The figure of this run.' }) after!: number
  @Field(() => Float, {
    nullable: true,
    description: 'The median of the 30 days before it closed (the latest 5,000 cases of them).',
  })
  rolling!: number | null
  @Field(() => Int, { description: 'How many cases `rolling` rests on.' }) rollingN!: number
  @Field(() => Float, { description: 'before − after, hours.' }) delta!: number
  @Field(() => Float, { description: '(before − after) ÷ before: positive is better.' }) change!: number
  @Field(() => Float, {
    nullable: true,
    description:
      'Faster than so many per cent of the cases before. Read off a log-normal distribution that is fitted to the median and the 90th percentile of the baseline; null when it has no 90th percentile.',
  })
  percentile!: number | null
  @Field(() => ID, { description: 'The workflow version that ran.' }) workflowVersionId!: string
  @Field(() => Int, { description: 'From 1; a successor counts on.' }) version!: number
  @Field(() => Int) formulaVersion!: number
  @Field(() => DateTime) frozenAt!: Date
}

@ObjectType()
@Directive('@key(fields: "id")')
export class Run {
  @Field(() => ID) id!: string
}
