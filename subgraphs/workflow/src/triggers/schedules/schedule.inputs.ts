import { DateTime, JSONValue } from '@signalbox/shared/federation'
import { Field, ID, InputType, Int, ObjectType } from 'type-graphql'
import { Run } from '../../runs/run.entity.ts'
import { MappingInput } from '../mapping.types.ts'
import { CatchUp, Overlap, Schedule } from './schedule.entity.ts'

const CRON =
  'Five parts: minute, hour, day of the month, month, weekday. `0 8 * * MON` is every Monday at 08:00; `L` is the last day.'

@InputType({ description: 'Give `input` or `mapping`.' })
export class CreateScheduleInput {
  @Field(() => String, { description: 'The id or slug of a workflow of the active organisation.' }) workflow!: string
  @Field(() => String, { description: '1 to 100 characters.' }) name!: string
  @Field(() => String, { description: CRON }) cron!: string
  @Field(() => String, { description: 'Of the IANA database: `Europe/Berlin`.' }) timeZone!: string
  @Field(() => JSONValue, { nullable: true, description: 'What each run is given, by the workflow’s input schema.' })
  input?: unknown
  @Field(() => MappingInput, {
    nullable: true,
    description: 'Expressions over `scheduledAt`, a text such as `2026-03-02T07:00:00.000Z`.',
  })
  mapping?: MappingInput | null
  @Field(() => CatchUp, { defaultValue: CatchUp.LATEST }) catchUp!: CatchUp
  @Field(() => Int, { defaultValue: 10, description: '1 to 100.' }) catchUpLimit!: number
  @Field(() => Overlap, { defaultValue: Overlap.SKIP }) overlap!: Overlap
  @Field(() => Int, { defaultValue: 0, description: '0 to 3600.' }) jitterSeconds!: number
}

@InputType({ description: 'What is not given stays.' })
export class UpdateScheduleInput {
  @Field(() => ID) id!: string
  @Field(() => String, { nullable: true }) name?: string | null
  @Field(() => String, { nullable: true, description: CRON }) cron?: string | null
  @Field(() => String, { nullable: true }) timeZone?: string | null
  @Field(() => JSONValue, { nullable: true, description: 'In place of a mapping.' }) input?: unknown
  @Field(() => MappingInput, { nullable: true, description: 'In place of an input.' }) mapping?: MappingInput | null
  @Field(() => CatchUp, { nullable: true }) catchUp?: CatchUp | null
  @Field(() => Int, { nullable: true }) catchUpLimit?: number | null
  @Field(() => Overlap, { nullable: true }) overlap?: Overlap | null
  @Field(() => Int, { nullable: true }) jitterSeconds?: number | null
  @Field(() => Boolean, { nullable: true, description: 'Times that come while it is paused are left out.' }) paused?:
    boolean | null
}

@InputType()
export class DeleteScheduleInput {
  @Field(() => ID) id!: string
}

@InputType()
export class RunScheduleNowInput {
  @Field(() => ID) id!: string
}

@ObjectType()
export class CreateSchedulePayload {
  @Field(() => Schedule) schedule!: Schedule
}

@ObjectType()
export class UpdateSchedulePayload {
  @Field(() => Schedule) schedule!: Schedule
}

@ObjectType()
export class DeleteSchedulePayload {
  @Field(() => Schedule, { description: 'As it was.' }) schedule!: Schedule
}

@ObjectType()
export class RunScheduleNowPayload {
  @Field(() => Schedule) schedule!: Schedule
  @Field(() => Run) run!: Run
}

@ObjectType({ description: 'What a cron means.' })
export class SchedulePreview {
  @Field(() => String, { description: 'In plain words: `Every Monday at 08:00`.' }) words!: string
  @Field(() => [DateTime]) nextRuns!: Date[]
}
