import { DateTime } from '@signalbox/shared/federation'
import { Field, Float, Int, ObjectType, registerEnumType } from 'type-graphql'
import { Money } from '../runs/money.ts'

export enum BucketSize {
  HOUR = 'HOUR',
  DAY = 'DAY',
}
registerEnumType(BucketSize, { name: 'BucketSize', description: 'HOUR up to three days, DAY beyond.' })

@ObjectType({ description: 'Percentiles in milliseconds; null without data.' })
export class LatencySummary {
  @Field(() => Int) n!: number
  @Field(() => Float, { nullable: true }) p50!: number | null
  @Field(() => Float, { nullable: true }) p90!: number | null
  @Field(() => Float, { nullable: true }) p99!: number | null
}

@ObjectType()
export class NodeHealth {
  @Field(() => String) node!: string
  @Field(() => LatencySummary, { description: 'Of its executions, failed ones included.' }) latency!: LatencySummary
  @Field(() => Int) executions!: number
  @Field(() => Int) failures!: number
  @Field(() => Int) retries!: number
}

@ObjectType()
export class FailureRate {
  @Field(() => String) code!: string
  @Field(() => Int, { description: 'Failed attempts and runs with this code.' }) count!: number
  @Field(() => Float, { description: 'Of the node executions: 0 to 1.' }) rate!: number
}

@ObjectType()
export class ThroughputBucket {
  @Field(() => DateTime) at!: Date
  @Field(() => Int) started!: number
  @Field(() => Int) succeeded!: number
  @Field(() => Int, { description: 'FAILED, EXPIRED or CANCELLED.' }) failed!: number
}

@ObjectType({
  description: 'How the machine does. Runs count by when they were queued; executions, tokens and cost by when they happened.',
})
export class TechnicalHealth {
  @Field(() => Int) runs!: number
  @Field(() => Int) succeeded!: number
  @Field(() => Int) failed!: number
  @Field(() => Int, { description: 'Not at their end yet.' }) active!: number
  @Field(() => Float, { nullable: true, description: 'Failed ÷ ended runs: 0 to 1.' }) errorRate!: number | null
  @Field(() => LatencySummary, { description: 'Of ended runs, from queued to their end, people included.' })
  runLatency!: LatencySummary
  @Field(() => LatencySummary, { description: 'Of ended runs, the machine part alone.' }) machineLatency!: LatencySummary
  @Field(() => LatencySummary, { description: 'How long runs waited to be started.' }) queueWait!: LatencySummary
  @Field(() => [NodeHealth]) nodes!: NodeHealth[]
  @Field(() => [FailureRate]) failures!: FailureRate[]
  @Field(() => Int) retries!: number
  @Field(() => Float) inputTokens!: number
  @Field(() => Float) outputTokens!: number
  @Field(() => Money, { description: 'Models and machine time of these runs.' }) cost!: Money
  @Field(() => Money, { nullable: true }) costPerRun!: Money | null
  @Field(() => BucketSize) bucketSize!: BucketSize
  @Field(() => [ThroughputBucket]) throughput!: ThroughputBucket[]
}
