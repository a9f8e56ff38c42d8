import { DateTime } from '@signalbox/shared/federation'
import { Field, InputType, Int, ObjectType } from 'type-graphql'

@ObjectType({
  description: 'How many runs of the active organisation may be under way; workflows may have limits of their own beside.',
})
export class RunLimits {
  @Field(() => Int, { nullable: true, description: 'Runs at the same time; null for no limit.' }) concurrency!: number | null
  @Field(() => Int, { nullable: true, description: 'Runs that begin in any minute; null for no limit.' }) perMinute!:
    number | null
  @Field(() => DateTime, { nullable: true }) changedAt!: Date | null
  @Field(() => Int, { description: 'Runs under way now.' }) underWay!: number
  @Field(() => Int, { description: 'Runs that wait for a worker or a limit now.' }) queued!: number
}

@InputType()
export class SetRunLimitsInput {
  @Field(() => Int, { nullable: true, description: '1 to 10,000; no limit unless given.' }) concurrency?: number | null
  @Field(() => Int, { nullable: true, description: '1 to 100,000; no limit unless given.' }) perMinute?: number | null
}

@ObjectType()
export class SetRunLimitsPayload {
  @Field(() => RunLimits) limits!: RunLimits
}
