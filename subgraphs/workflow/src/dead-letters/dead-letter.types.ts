import { DateTime } from '@signalbox/shared/federation'
import { Field, ID, InputType, Int, ObjectType } from 'type-graphql'
import { BulkOperation } from '../bulk/bulk.types.ts'
import { RunFailure } from '../runs/run-failure.ts'
import { RetryFrom } from '../runs/run.inputs.ts'

@ObjectType({ description: 'Failed runs of one workflow with like reasons that nobody has dealt with.' })
export class DeadLetterGroup {
  organizationId!: string
  workflowId!: string
  exampleId!: string
  @Field(() => ID) id!: string
  @Field(() => Int) count!: number
  @Field(() => DateTime, { description: 'When the first of them failed.' }) firstSeen!: Date
  @Field(() => DateTime, { description: 'When the latest of them failed.' }) lastSeen!: Date
  @Field(() => RunFailure, { description: 'Of the latest of them.' }) failure!: RunFailure
}

@InputType()
export class RedriveRunsInput {
  @Field(() => ID) group!: string
  @Field(() => RetryFrom, { nullable: true, description: 'FAILED_STEP unless given.' }) from?: RetryFrom | null
  @Field(() => Int, { description: 'How many runs you expect; more are refused.' }) expectedCount!: number
}

@InputType({ description: 'A group, or single runs.' })
export class DismissRunsInput {
  @Field(() => ID, { nullable: true }) group?: string | null
  @Field(() => [ID], { nullable: true, description: 'At most 1,000.' }) runIds?: string[] | null
  @Field(() => String, { description: 'Why nothing is done about them.' }) reason!: string
}

@ObjectType()
export class RedriveRunsPayload {
  @Field(() => BulkOperation) operation!: BulkOperation
}

@ObjectType()
export class DismissRunsPayload {
  @Field(() => Int, { description: 'How many were on the list and no longer are.' }) dismissed!: number
}
