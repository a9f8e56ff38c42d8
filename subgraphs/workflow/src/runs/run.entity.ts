import { PrimaryKeyProp } from '@mikro-orm/core'
import { Entity, PrimaryKey, Property } from '@mikro-orm/decorators/legacy'
import { connectionType } from '@signalbox/shared/connection'
import { DateTime, JSONValue } from '@signalbox/shared/federation'
import { Directive, Field, Float, ID, Int, ObjectType } from 'type-graphql'
import { RunFailure } from './run-failure.ts'
import { RunStatus, RunTrigger } from './run-status.ts'

/** A run. The engine's SQL functions are the only writers; this class reads. */
@Entity({ schema: 'workflow', tableName: 'runs' })
@ObjectType({ description: 'One execution of a workflow version for one business case.' })
@Directive('@key(fields: "id")')
export class Run {
  [PrimaryKeyProp]?: ['organizationId', 'id']

  @PrimaryKey({ type: 'uuid' })
  organizationId!: string

  @PrimaryKey({ type: 'uuid' })
  @Field(() => ID)
  id!: string

  @Property({ type: 'uuid' })
  workflowId!: string

  @Property({ type: 'uuid' })
  versionId!: string

  @Property({ type: 'text' })
  @Field(() => ID, { description: 'The business case; a run that names none is its own.' })
  caseId!: string

  @Property({ type: 'text' })
  @Field(() => RunStatus)
  status!: RunStatus

  @Property({ type: 'text' })
  @Field(() => RunTrigger)
  trigger!: RunTrigger

  @Property({ type: 'json' })
  @Field(() => JSONValue)
  input!: unknown

  @Property({ type: 'json', nullable: true })
  @Field(() => JSONValue, { nullable: true, description: "By the version's output schema, once the run has succeeded." })
  output!: unknown

  @Property({ type: 'json', nullable: true })
  @Field(() => RunFailure, { nullable: true })
  failure!: RunFailure | null

  @Property({ type: 'text[]' })
  @Field(() => [String])
  tags!: string[]

  @Property({ type: 'text', nullable: true })
  startedByKind!: string | null

  @Property({ type: 'text', nullable: true })
  startedById!: string | null

  @Property({ type: 'text', nullable: true })
  @Field(() => String, { nullable: true })
  traceId!: string | null

  @Property({ type: 'timestamptz' })
  @Field(() => DateTime)
  queuedAt!: Date

  @Property({ type: 'timestamptz', nullable: true })
  @Field(() => DateTime, { nullable: true })
  startedAt!: Date | null

  @Property({ type: 'timestamptz', nullable: true })
  @Field(() => DateTime, { nullable: true })
  finishedAt!: Date | null

  @Property({ type: 'integer' })
  @Field(() => Int, { description: 'The number of its latest transition.' })
  lastSeq!: number

  @Property({ type: 'text', nullable: true })
  checkpointId!: string | null

  @Property({ type: 'boolean' })
  @Field(() => Boolean, { description: 'Whether it counts towards the value; replays and forks do not.' })
  production!: boolean

  @Property({ type: 'integer' })
  @Field(() => Int, { description: 'Higher ones are taken first: -100 to 100.' })
  priority!: number

  @Property({ type: 'timestamptz', nullable: true })
  @Field(() => DateTime, { nullable: true, description: 'A run that no worker took until then expires.' })
  expiresAt!: Date | null

  @Property({ type: 'boolean' })
  pauseRequested!: boolean

  @Property({ type: 'uuid', nullable: true })
  forkedFromId!: string | null

  @Property({ type: 'text', nullable: true })
  @Field(() => ID, { nullable: true, description: 'The saved state that it branched off from; null for a replay.' })
  forkedCheckpointId!: string | null

  @Property({ type: 'timestamptz', nullable: true })
  @Field(() => DateTime, { nullable: true, description: 'When somebody dealt with its failure: dismissed it, or ran it again.' })
  handledAt!: Date | null

  @Property({ type: 'text', nullable: true })
  @Field(() => String, { nullable: true, description: 'Why its failure was dismissed.' })
  handledReason!: string | null

  @Field(() => Boolean, { description: 'Whether it stops after the step under way, as a person asked.' })
  get pausing(): boolean {
    return this.pauseRequested
  }

  @Field(() => Float, { nullable: true, description: 'Milliseconds from queued to finished; until now while it goes on.' })
  get durationMs(): number | null {
    return (this.finishedAt ?? new Date()).getTime() - this.queuedAt.getTime()
  }
}

export const RunConnection = connectionType('Run', () => Run)
