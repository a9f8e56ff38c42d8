import { PrimaryKeyProp } from '@mikro-orm/core'
import { Entity, PrimaryKey, Property } from '@mikro-orm/decorators/legacy'
import { DateTime, JSONValue } from '@signalbox/shared/federation'
import { Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql'
import type { Mapping } from '../mapping.ts'
import { TriggerMapping } from '../mapping.types.ts'
import { TriggerFault } from '../trigger-fault.ts'

export enum CatchUp {
  SKIP = 'SKIP',
  LATEST = 'LATEST',
  ALL = 'ALL',
}
registerEnumType(CatchUp, {
  name: 'ScheduleCatchUp',
  description: 'What becomes of times that passed while nothing could start.',
  valuesConfig: {
    SKIP: { description: 'They are left out.' },
    LATEST: { description: 'The latest of them is made up for.' },
    ALL: { description: 'Each is made up for, the latest `catchUpLimit` of them.' },
  },
})

export enum Overlap {
  ALLOW = 'ALLOW',
  SKIP = 'SKIP',
  QUEUE = 'QUEUE',
}
registerEnumType(Overlap, {
  name: 'ScheduleOverlap',
  description: 'What happens when the time comes and a run of the schedule has not ended.',
  valuesConfig: {
    ALLOW: { description: 'Another run starts beside it.' },
    SKIP: { description: 'The time is left out.' },
    QUEUE: { description: 'The time waits until the run has ended.' },
  },
})

export enum FiringOutcome {
  STARTED = 'STARTED',
  SKIPPED = 'SKIPPED',
  FAILED = 'FAILED',
}
registerEnumType(FiringOutcome, { name: 'ScheduleOutcome', description: 'What became of a time of a schedule.' })

@Entity({ schema: 'workflow', tableName: 'schedules' })
@ObjectType({ description: 'Starts runs of a workflow at times.' })
export class Schedule {
  [PrimaryKeyProp]?: ['organizationId', 'id']

  @PrimaryKey({ type: 'uuid' })
  organizationId!: string

  @PrimaryKey({ type: 'uuid' })
  @Field(() => ID)
  id!: string

  @Property({ type: 'uuid' })
  workflowId!: string

  @Property({ type: 'text' })
  @Field(() => String)
  name!: string

  @Property({ type: 'text' })
  @Field(() => String, { description: 'Five parts: minute, hour, day of the month, month, weekday.' })
  cron!: string

  @Property({ type: 'text' })
  @Field(() => String, { description: 'Of the IANA database: `Europe/Berlin`.' })
  timeZone!: string

  @Property({ type: 'json', nullable: true })
  @Field(() => JSONValue, { nullable: true, description: 'What each run is given; null where `mapping` makes it.' })
  input!: unknown

  @Property({ type: 'json', nullable: true })
  @Field(() => TriggerMapping, { nullable: true, description: 'Expressions over `scheduledAt`.' })
  mapping!: Mapping | null

  @Property({ type: 'text' })
  @Field(() => CatchUp)
  catchUp!: CatchUp

  @Property({ type: 'integer' })
  @Field(() => Int)
  catchUpLimit!: number

  @Property({ type: 'text' })
  @Field(() => Overlap)
  overlap!: Overlap

  @Property({ type: 'integer' })
  @Field(() => Int, { description: 'Each time is put off by up to so many seconds, always the same for the same time.' })
  jitterSeconds!: number

  @Property({ type: 'timestamptz', nullable: true })
  @Field(() => DateTime, { nullable: true })
  pausedAt!: Date | null

  @Property({ type: 'timestamptz', nullable: true })
  nextAt!: Date | null

  /** Times that came and wait for a run to end, as texts, oldest first. */
  @Property({ type: 'json' })
  waiting!: string[]

  @Property({ type: 'timestamptz', nullable: true })
  @Field(() => DateTime, { nullable: true, description: 'The latest time that came.' })
  lastScheduledAt!: Date | null

  @Property({ type: 'text', nullable: true })
  @Field(() => FiringOutcome, { nullable: true })
  lastOutcome!: FiringOutcome | null

  @Property({ type: 'json', nullable: true })
  @Field(() => TriggerFault, { nullable: true, description: 'Why the latest time did not start a run.' })
  lastFault!: TriggerFault | null

  @Property({ type: 'text' })
  createdByKind!: string

  @Property({ type: 'text' })
  createdById!: string

  @Property({ type: 'timestamptz' })
  @Field(() => DateTime)
  createdAt!: Date
}
