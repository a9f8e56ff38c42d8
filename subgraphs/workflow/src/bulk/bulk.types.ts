import { connectionType } from '@signalbox/shared/connection'
import { DateTime } from '@signalbox/shared/federation'
import { Field, ID, Int, InputType, ObjectType, registerEnumType } from 'type-graphql'
import { RunStatus } from '../runs/run-status.ts'
import { Run } from '../runs/run.entity.ts'
import { RunFilter } from '../runs/run.inputs.ts'

export enum BulkAction {
  CANCEL = 'CANCEL',
  RETRY = 'RETRY',
  RETRY_FROM_START = 'RETRY_FROM_START',
  PAUSE = 'PAUSE',
  RESUME = 'RESUME',
  REPLAY = 'REPLAY',
}
registerEnumType(BulkAction, {
  name: 'BulkAction',
  description: 'What is done to many runs.',
  valuesConfig: { RETRY: { description: 'From the failed step.' }, REPLAY: { description: 'Runs the same input once more.' } },
})

@ObjectType()
export class RunCount {
  @Field(() => RunStatus) status!: RunStatus
  @Field(() => Int) count!: number
}

@ObjectType()
export class WorkflowRunCount {
  workflowId!: string
  @Field(() => Int) count!: number
}

@ObjectType({ description: 'Runs to which it is not done, and why.' })
export class BulkRefusal {
  @Field(() => String) reason!: string
  @Field(() => Int) count!: number
}

@ObjectType({ description: 'What an action would do, of the active organisation.' })
export class BulkPreview {
  @Field(() => BulkAction) action!: BulkAction
  @Field(() => Int, { description: 'Runs to which it would be done.' }) count!: number
  @Field(() => [RunCount]) byStatus!: RunCount[]
  @Field(() => [WorkflowRunCount]) byWorkflow!: WorkflowRunCount[]
  @Field(() => [BulkRefusal], { description: 'Runs of the filter to which it cannot be done.' }) refusals!: BulkRefusal[]
  @Field(() => [Run], { description: 'Five of them, oldest first.' }) sample!: Run[]
  @Field(() => String, { description: 'Pass it to `bulkRuns`.' }) token!: string
}

@ObjectType({ description: 'An action on many runs, done in the background.' })
export class BulkOperation {
  organizationId!: string
  @Field(() => ID) id!: string
  @Field(() => BulkAction) action!: BulkAction
  @Field(() => Int) total!: number
  @Field(() => Int, { description: 'Runs to which it was done.' }) done!: number
  @Field(() => Int, { description: 'Runs that had moved on meanwhile.' }) refused!: number
  @Field(() => String, { nullable: true }) reason!: string | null
  actorKind!: string
  actorId!: string
  @Field(() => DateTime) createdAt!: Date
  @Field(() => DateTime, { nullable: true }) finishedAt!: Date | null
}

export const BulkOperationConnection = connectionType('BulkOperation', () => BulkOperation)

@InputType()
export class BulkRunsInput {
  @Field(() => BulkAction) action!: BulkAction
  @Field(() => RunFilter) filter!: RunFilter
  @Field(() => String, { nullable: true, description: 'Of `previewBulk`, for the same action and filter.' }) token?: string | null
  @Field(() => Int, { nullable: true, description: 'Instead of a token: at most so many runs.' }) expectedCount?: number | null
  @Field(() => String, { nullable: true, description: 'For the runs’ timelines.' }) reason?: string | null
}

@ObjectType()
export class BulkRunsPayload {
  @Field(() => BulkOperation) operation!: BulkOperation
}
