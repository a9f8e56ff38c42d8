import { PrimaryKeyProp } from '@mikro-orm/core'
import { Entity, PrimaryKey, Property } from '@mikro-orm/decorators/legacy'
import { connectionType } from '@signalbox/shared/connection'
import { DateTime } from '@signalbox/shared/federation'
import { Field, Float, ID, Int, ObjectType } from 'type-graphql'

@Entity({ schema: 'workflow', tableName: 'annotations' })
@ObjectType({ description: 'A note of a person on a run.' })
export class Annotation {
  [PrimaryKeyProp]?: ['organizationId', 'id']

  @PrimaryKey({ type: 'uuid' })
  organizationId!: string

  @PrimaryKey({ type: 'uuid' })
  @Field(() => ID)
  id!: string

  @Property({ type: 'uuid' })
  runId!: string

  @Property({ type: 'text' })
  @Field(() => String)
  body!: string

  @Property({ type: 'double', nullable: true })
  @Field(() => Float, { nullable: true, description: 'From 0, bad, to 1, good.' })
  score!: number | null

  @Property({ type: 'text', nullable: true })
  @Field(() => String, { nullable: true })
  label!: string | null

  @Property({ type: 'integer', nullable: true })
  @Field(() => Int, { nullable: true, description: 'The transition that it is about.' })
  seq!: number | null

  @Property({ type: 'text' })
  authorKind!: string

  @Property({ type: 'text' })
  authorId!: string

  @Property({ type: 'timestamptz' })
  @Field(() => DateTime)
  createdAt!: Date
}

export const AnnotationConnection = connectionType('Annotation', () => Annotation)
