import { Field, Float, ID, InputType, Int, ObjectType, registerEnumType } from 'type-graphql'

export enum BaselineSource {
  MEASURED = 'MEASURED',
  LOGGED = 'LOGGED',
  ESTIMATED = 'ESTIMATED',
}
registerEnumType(BaselineSource, { name: 'BaselineSource', description: 'How the figures from before go-live were obtained.' })

export enum KpiName {
  TIME_TO_BENEFIT = 'TIME_TO_BENEFIT',
  TURNAROUND = 'TURNAROUND',
  EFFECTIVENESS = 'EFFECTIVENESS',
  STAFF_RELIEF = 'STAFF_RELIEF',
  CUSTOMER_EXPERIENCE = 'CUSTOMER_EXPERIENCE',
}
registerEnumType(KpiName, {
  name: 'KpiName',
  description:
    'A baseline is given in: days (TIME_TO_BENEFIT), hours from received to closed (TURNAROUND), points from 0 to 100 (EFFECTIVENESS, CUSTOMER_EXPERIENCE), minutes of work that one case took (STAFF_RELIEF).',
})

@ObjectType({ description: 'How it was before go-live. Frozen: a change makes a new version, and the old one stays.' })
export class KpiBaseline {
  @Field(() => ID) id!: string
  @Field(() => KpiName) kpi!: KpiName
  @Field(() => String, { nullable: true, description: "The workflow's slug; null: the whole organisation." }) workflow!:
    string | null
  @Field(() => Float) median!: number
  @Field(() => Float, { nullable: true, description: 'The 90th percentile.' }) p90!: number | null
  @Field(() => Int, { description: 'How many cases it rests on.' }) n!: number
  @Field(() => BaselineSource) source!: BaselineSource
  @Field(() => String, { description: 'The time that it describes, in words.' }) window!: string
  @Field(() => Int) version!: number
}

@InputType()
export class SetBaselineInput {
  @Field(() => KpiName) kpi!: KpiName
  @Field(() => String, { nullable: true, description: "A workflow's id or slug; absent: the whole organisation." }) workflow?:
    string | null
  @Field(() => Float) median!: number
  @Field(() => Float, { nullable: true, description: 'Not below the median.' }) p90?: number | null
  @Field(() => Int, { description: 'At least 30, unless ESTIMATED.' }) n!: number
  @Field(() => BaselineSource) source!: BaselineSource
  @Field(() => String, { description: 'The time that it describes: "2026-09-01 to 2026-09-28".' }) window!: string
}

@ObjectType()
export class SetBaselinePayload {
  @Field(() => KpiBaseline) baseline!: KpiBaseline
  @Field(() => Boolean, { description: 'False when the same figures were the current version already.' }) created!: boolean
}
