import { PageArgs } from '@signalbox/shared/connection'
import { DateTime, JSONValue } from '@signalbox/shared/federation'
import { ArgsType, Field, ID, InputType, Int, ObjectType, registerEnumType } from 'type-graphql'
import { Run } from './run.entity.ts'
import { RunStatus, RunTrigger } from './run-status.ts'

export enum RunOrder {
  NEWEST_FIRST = 'NEWEST_FIRST',
  OLDEST_FIRST = 'OLDEST_FIRST',
}
registerEnumType(RunOrder, { name: 'RunOrder', description: 'By the time of queueing.' })

export enum RetryFrom {
  FAILED_STEP = 'FAILED_STEP',
  START = 'START',
}
registerEnumType(RetryFrom, {
  name: 'RetryFrom',
  description: 'Where a run that failed goes on. What it did outside already is not repeated, either way.',
})

@InputType({ description: 'All given conditions must hold; within a list, one of them.' })
export class RunFilter {
  @Field(() => [RunStatus], { nullable: true }) status?: RunStatus[] | null
  @Field(() => [String], { nullable: true, description: 'Ids or slugs.' }) workflow?: string[] | null
  @Field(() => String, { nullable: true }) tag?: string | null
  @Field(() => [RunTrigger], { nullable: true }) trigger?: RunTrigger[] | null
  @Field(() => DateTime, { nullable: true, description: 'Queued at or after.' }) from?: Date | null
  @Field(() => DateTime, { nullable: true, description: 'Queued before.' }) to?: Date | null
  @Field(() => String, { nullable: true, description: 'Words of the input or the case; a whole run id finds that run.' })
  search?: string | null
  @Field(() => [String], { nullable: true }) failureCode?: string[] | null
  @Field(() => ID, { nullable: true, description: 'Runs with an open review that is assigned to this user.' }) waitingOn?:
    string | null
  @Field(() => [ID], { nullable: true }) organization?: string[] | null
  @Field(() => ID, { nullable: true }) caseId?: string | null
  @Field(() => [ID], { nullable: true, description: 'These runs.' }) ids?: string[] | null
  @Field(() => [ID], { nullable: true, description: 'Groups of like failures.' }) failureGroup?: string[] | null
  @Field(() => Boolean, { nullable: true, description: 'Of failed runs: whether somebody has dealt with them.' })
  handled?: boolean | null
}

@ArgsType()
export class RunPageArgs extends PageArgs {
  @Field(() => RunFilter, { nullable: true }) filter?: RunFilter | null
  @Field(() => RunOrder, { nullable: true, description: 'NEWEST_FIRST unless given.' }) orderBy?: RunOrder | null
  @Field(() => Int, { nullable: true }) last?: number | null
  @Field(() => String, { nullable: true }) before?: string | null
}

@InputType()
export class StartRunInput {
  @Field(() => String, { description: 'The id or slug of a workflow of the active organisation.' }) workflow!: string
  @Field(() => JSONValue, { description: "By the version's input schema." }) input!: unknown
  @Field(() => ID, { nullable: true, description: 'The business case; without it the run is its own case.' }) caseId?:
    string | null
  @Field(() => String, { nullable: true, description: 'A repeated start with this key gives the first run.' }) idempotencyKey?:
    string | null
  @Field(() => [String], { nullable: true }) tags?: string[] | null
  @Field(() => Int, { nullable: true, description: 'The current version unless given.' }) version?: number | null
  @Field(() => RunTrigger, { nullable: true, description: 'What started it; told from the caller unless given.' })
  trigger?: RunTrigger | null
  @Field(() => Int, { nullable: true, description: 'Higher ones are taken first: -100 to 100, 0 unless given.' })
  priority?: number | null
  @Field(() => DateTime, { nullable: true, description: 'A run that no worker took until then expires.' })
  expiresAt?: Date | null
}

@InputType()
export class StartRunItemInput {
  @Field(() => JSONValue) input!: unknown
  @Field(() => ID, { nullable: true }) caseId?: string | null
  @Field(() => String, { nullable: true }) idempotencyKey?: string | null
  @Field(() => [String], { nullable: true }) tags?: string[] | null
  @Field(() => Int, { nullable: true }) priority?: number | null
  @Field(() => DateTime, { nullable: true }) expiresAt?: Date | null
}

@InputType()
export class StartRunsInput {
  @Field(() => String) workflow!: string
  @Field(() => [StartRunItemInput], { description: '1 to 100. All start or none.' }) items!: StartRunItemInput[]
  @Field(() => Int, { nullable: true }) version?: number | null
  @Field(() => RunTrigger, { nullable: true }) trigger?: RunTrigger | null
}

@InputType()
export class CancelRunInput {
  @Field(() => ID) runId!: string
  @Field(() => String, { nullable: true }) reason?: string | null
}

@InputType()
export class RetryRunInput {
  @Field(() => ID, { description: 'A run that failed or expired.' }) runId!: string
  @Field(() => RetryFrom, { nullable: true, description: 'FAILED_STEP unless given.' }) from?: RetryFrom | null
}

@ObjectType()
export class StartRunPayload {
  @Field(() => Run) run!: Run
  @Field(() => Boolean, { description: 'False when the idempotency key was seen before.' }) created!: boolean
}

@ObjectType()
export class StartRunsPayload {
  @Field(() => [Run], { description: 'In the order of the items.' }) runs!: Run[]
  @Field(() => Int, { description: 'How many of them are new.' }) created!: number
}

@ObjectType()
export class CancelRunPayload {
  @Field(() => Run) run!: Run
}

@ObjectType()
export class RetryRunPayload {
  @Field(() => Run) run!: Run
}
