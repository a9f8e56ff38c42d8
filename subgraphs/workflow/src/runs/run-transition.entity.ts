import { PrimaryKeyProp } from '@mikro-orm/core'
import { Entity, PrimaryKey, Property } from '@mikro-orm/decorators/legacy'
import { connectionType } from '@signalbox/shared/connection'
import { DateTime, JSONValue } from '@signalbox/shared/federation'
import { Field, Float, ID, Int, ObjectType } from 'type-graphql'
import { RunFailure, TokenUsage } from './run-failure.ts'
import { RunStatus, TransitionKind } from './run-status.ts'

@Entity({ schema: 'workflow', tableName: 'run_transitions' })
@ObjectType({ description: 'One thing that happened to a run. Numbers are gap-free per run.' })
export class RunTransition {
  [PrimaryKeyProp]?: ['organizationId', 'runId', 'seq']

  @PrimaryKey({ type: 'uuid' })
  organizationId!: string

  @PrimaryKey({ type: 'uuid' })
  runId!: string

  @PrimaryKey({ type: 'integer' })
  @Field(() => Int)
  seq!: number

  @Property({ type: 'timestamptz' })
  @Field(() => DateTime)
  at!: Date

  @Property({ type: 'text' })
  @Field(() => TransitionKind)
  kind!: TransitionKind

  @Property({ type: 'text' })
  @Field(() => RunStatus, { description: 'The status of the run after it.' })
  status!: RunStatus

  @Property({ type: 'text', nullable: true })
  @Field(() => String, { nullable: true })
  node!: string | null

  @Property({ type: 'integer', nullable: true })
  @Field(() => Int, { nullable: true, description: 'In the body of a parallel map: which item, from 0.' })
  item!: number | null

  @Property({ type: 'text', nullable: true })
  @Field(() => String, { nullable: true })
  agent!: string | null

  @Property({ type: 'integer', nullable: true })
  @Field(() => Int, { nullable: true })
  attempt!: number | null

  @Property({ type: 'text' })
  @Field(() => String, { description: 'A plain sentence for the business.' })
  summary!: string

  @Property({ type: 'double', nullable: true })
  @Field(() => Float, { nullable: true, description: 'Milliseconds that the step, attempt or wait took.' })
  durationMs!: number | null

  @Property({ type: 'text', nullable: true })
  @Field(() => ID, { nullable: true })
  checkpointId!: string | null

  @Property({ type: 'json', nullable: true })
  @Field(() => JSONValue, { nullable: true, description: 'The keys of the state that the step changed, with their new values.' })
  stateDiff!: unknown

  @Property({ type: 'json', nullable: true })
  @Field(() => RunFailure, { nullable: true })
  failure!: RunFailure | null

  @Property({ type: 'json', nullable: true })
  @Field(() => TokenUsage, { nullable: true })
  usage!: TokenUsage | null

  @Property({ type: 'text', nullable: true })
  actorKind!: string | null

  @Property({ type: 'text', nullable: true })
  actorId!: string | null
}

export const RunTransitionConnection = connectionType('RunTransition', () => RunTransition)
