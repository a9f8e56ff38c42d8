import { PrimaryKeyProp } from '@mikro-orm/core'
import { Entity, PrimaryKey, Property } from '@mikro-orm/decorators/legacy'
import { DateTime, JSONValue } from '@signalbox/shared/federation'
import { Field, Int, ObjectType } from 'type-graphql'

@Entity({ schema: 'workflow', tableName: 'workflow_drafts' })
@ObjectType({ description: 'What is being written of a workflow. It may have faults: only publishing asks for none.' })
export class WorkflowDraft {
  [PrimaryKeyProp]?: ['organizationId', 'workflowId']

  @PrimaryKey({ type: 'uuid' })
  organizationId!: string

  @PrimaryKey({ type: 'uuid' })
  workflowId!: string

  @Property({ type: 'integer' })
  @Field(() => Int, { description: 'Grows with each save; the next one names it.' })
  revision!: number

  @Property({ type: 'text' })
  @Field(() => String)
  name!: string

  @Property({ type: 'text', nullable: true })
  @Field(() => String, { nullable: true })
  description!: string | null

  @Property({ type: 'text' })
  @Field(() => String, { description: 'The definition as JSON, as it was written.' })
  text!: string

  @Property({ type: 'text' })
  savedByKind!: string

  @Property({ type: 'text' })
  savedById!: string

  @Property({ type: 'timestamptz' })
  @Field(() => DateTime)
  savedAt!: Date

  @Field(() => JSONValue)
  get definition(): unknown {
    return JSON.parse(this.text)
  }
}
