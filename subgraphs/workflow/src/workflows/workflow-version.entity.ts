import { PrimaryKeyProp } from '@mikro-orm/core'
import { Entity, PrimaryKey, Property } from '@mikro-orm/decorators/legacy'
import { connectionType } from '@signalbox/shared/connection'
import { DateTime, JSONValue } from '@signalbox/shared/federation'
import { Field, ID, Int, ObjectType } from 'type-graphql'
import type { WorkflowDefinition } from './definition.ts'

@Entity({ schema: 'workflow', tableName: 'workflow_versions' })
@ObjectType({ description: 'One immutable state of a workflow.' })
export class WorkflowVersion {
  [PrimaryKeyProp]?: ['organizationId', 'id']

  @PrimaryKey({ type: 'uuid' })
  organizationId!: string

  @PrimaryKey({ type: 'uuid' })
  @Field(() => ID)
  id!: string

  @Property({ type: 'uuid' })
  workflowId!: string

  @Property({ type: 'integer' })
  @Field(() => Int)
  number!: number

  @Property({ type: 'json' })
  @Field(() => JSONValue)
  definition!: WorkflowDefinition

  @Property({ type: 'timestamptz', nullable: true })
  @Field(() => DateTime, { nullable: true })
  publishedAt!: Date | null

  @Property({ type: 'text', nullable: true })
  publishedByKind!: string | null

  @Property({ type: 'text', nullable: true })
  publishedById!: string | null

  @Property({ type: 'text', nullable: true })
  @Field(() => String, { nullable: true, description: 'What its publisher says about it.' })
  note!: string | null

  @Property({ type: 'integer', nullable: true })
  @Field(() => Int, { nullable: true, description: 'The number of the version that it made current again; null: it was new.' })
  restores!: number | null
}

export const WorkflowVersionConnection = connectionType('WorkflowVersion', () => WorkflowVersion)
