import { Field, Float, Int, ObjectType } from 'type-graphql'
import { KpiBaseline } from '../baselines/baseline.types.ts'

@ObjectType({ description: 'A part or a companion of a figure: `queue`, `human wait`, `p90`, `payback`.' })
export class KpiPart {
  @Field(() => String) name!: string
  @Field(() => Float, { nullable: true }) value!: number | null
  @Field(() => String) unit!: string
  @Field(() => String, { nullable: true, description: 'What is missing, or how to read it.' }) note?: string | null
}

@ObjectType({ description: 'One business figure with what is needed to judge it. Too little data gives no value, never a zero.' })
export class Kpi {
  @Field(() => Float, { nullable: true }) value!: number | null
  @Field(() => String) unit!: string
  @Field(() => Int, { description: 'How many cases (customer experience: ratings) the value rests on.' }) n!: number
  @Field(() => Float, { nullable: true, description: 'Of the cases that should have been measured, the share that was: 0 to 1.' })
  coverage!: number | null
  @Field(() => KpiBaseline, { nullable: true }) baseline!: KpiBaseline | null
  @Field(() => Float, {
    nullable: true,
    description:
      'Against the baseline, or against `compareTo` where that is given; positive is better. Durations: (before − after) ÷ before, a fraction. Points and hours a week: after − before.',
  })
  change!: number | null
  @Field(() => Float, { nullable: true, description: 'The value in `compareTo`.' }) compared?: number | null
  @Field(() => Float, { nullable: true, description: 'Lower end of the 95 % interval.' }) low!: number | null
  @Field(() => Float, { nullable: true, description: 'Upper end of the 95 % interval.' }) high!: number | null
  @Field(() => String, { nullable: true, description: 'What is missing, in a sentence: "No ratings yet: …".' }) note!:
    string | null
  @Field(() => [KpiPart]) parts!: KpiPart[]
  @Field(() => Int) formulaVersion!: number
}

@ObjectType({ description: 'The five business figures. The unit is the case; test runs, replays and forks do not count.' })
export class KpiReport {
  @Field(() => Kpi, { description: "Days from the engagement's start to the first accepted production outcome; part `payback`." })
  timeToBenefit!: Kpi
  @Field(() => Kpi, {
    description:
      'Hours from a case received to closed, p50; its interval is the distribution-free one of the median (order statistics), from 6 cases on.',
  })
  turnaround!: Kpi
  @Field(() => Kpi, {
    description:
      '100·E·Q: goals met ÷ closed cases, times accepted unedited and not reworked ÷ reviewed cases. Its interval: the product of the Wilson bounds of E and Q at 97.5 % each (Bonferroni).',
  })
  effectiveness!: Kpi
  @Field(() => Kpi, {
    description:
      'Hours a week relieved: Σ over successful cases (touch minutes before − human minutes now). Its interval: normal approximation of the sum, from 6 cases on.',
  })
  staffRelief!: Kpi
  @Field(() => Kpi, {
    description:
      '0.4·CSAT + 0.3·on time + 0.3·(1 − re-contact within 7 days), in points; hidden below 30 ratings. Its interval: Wilson limits combined by MOVER (Zou and Donner 2008).',
  })
  customerExperience!: Kpi
}
