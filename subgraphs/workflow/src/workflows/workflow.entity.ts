import { Entity, PrimaryKey, Property } from '@mikro-orm/decorators/legacy'
import { connectionType } from '@signalbox/shared/connection'
import { PrimaryKeyProp } from '@mikro-orm/core'
import { Directive, Field, ID, ObjectType } from 'type-graphql'

@Entity({ schema: 'workflow', tableName: 'workflows' })
@ObjectType({ description: 'An automation: its versions are immutable, its runs are pinned to one.' })
@Directive('@key(fields: "id")')
export class Workflow {
  [PrimaryKeyProp]?: ['organizationId', 'id']

  @PrimaryKey({ type: 'uuid' })
  organizationId!: string

  @PrimaryKey({ type: 'uuid' })
  @Field(() => ID)
  id!: string

  @Property({ type: 'text' })
  @Field(() => String, { description: 'Unique within the organisation; `startRun` takes it or the id.' })
  slug!: string

  @Property({ type: 'text' })
  @Field(() => String)
  name!: string

  @Property({ type: 'text', nullable: true })
  @Field(() => String, { nullable: true })
  description!: string | null

  @Property({ type: 'uuid', nullable: true })
  currentVersionId!: string | null

  @Property({ type: 'timestamptz' })
  createdAt!: Date
}

export const WorkflowConnection = connectionType('Workflow', () => Workflow)
