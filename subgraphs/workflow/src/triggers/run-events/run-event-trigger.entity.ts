import { PrimaryKeyProp } from '@mikro-orm/core'
import { Entity, PrimaryKey, Property } from '@mikro-orm/decorators/legacy'
import { DateTime } from '@signalbox/shared/federation'
import { Field, ID, ObjectType, registerEnumType } from 'type-graphql'
import { RunStatus } from '../../runs/run-status.ts'
import type { Mapping } from '../mapping.ts'
import { TriggerMapping } from '../mapping.types.ts'
import { TriggerFault } from '../trigger-fault.ts'

@Entity({ schema: 'workflow', tableName: 'run_event_triggers' })
@ObjectType({ description: 'Starts a run of one workflow when a run of another, or of the same, ends.' })
export class RunEventTrigger {
  [PrimaryKeyProp]?: ['organizationId', 'id']

  @PrimaryKey({ type: 'uuid' })
  organizationId!: string

  @PrimaryKey({ type: 'uuid' })
  @Field(() => ID)
  id!: string

  @Property({ type: 'uuid' })
  sourceWorkflowId!: string

  @Property({ type: 'uuid' })
  workflowId!: string

  @Property({ type: 'text' })
  @Field(() => String)
  name!: string

  @Property({ type: 'boolean' })
  @Field(() => Boolean)
  enabled!: boolean

  @Property({ type: 'text[]' })
  @Field(() => [RunStatus], { description: 'The ways of ending that it waits for.' })
  statuses!: RunStatus[]

  @Property({ type: 'text', nullable: true })
  @Field(() => String, { nullable: true, description: 'An expression over `run` that must be true.' })
  condition!: string | null

  @Property({ type: 'json' })
  @Field(() => TriggerMapping, { description: 'Expressions over `run`.' })
  mapping!: Mapping

  @Property({ type: 'text' })
  createdByKind!: string

  @Property({ type: 'text' })
  createdById!: string

  @Property({ type: 'timestamptz' })
  @Field(() => DateTime)
  createdAt!: Date
}

export enum RunEventOutcome {
  STARTED = 'STARTED',
  REFUSED = 'REFUSED',
  FAILED = 'FAILED',
}
registerEnumType(RunEventOutcome, {
  name: 'RunEventOutcome',
  description: 'What became of the end of a run.',
  valuesConfig: { REFUSED: { description: 'The chain of runs that started each other was too long.' } },
})

@ObjectType({ description: 'The end of a run that a trigger acted on: once for each run.' })
export class RunEventFiring {
  @Field(() => RunEventOutcome) outcome!: RunEventOutcome
  @Field(() => TriggerFault, { nullable: true }) fault!: TriggerFault | null
  @Field(() => DateTime) firedAt!: Date

  sourceRunId!: string
  runId!: string | null
}
