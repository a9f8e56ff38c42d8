import { PrimaryKeyProp } from '@mikro-orm/core'
import { Entity, PrimaryKey, Property } from '@mikro-orm/decorators/legacy'
import { connectionType } from '@signalbox/shared/connection'
import { DateTime } from '@signalbox/shared/federation'
import { Field, Float, ID, ObjectType } from 'type-graphql'

@Entity({ schema: 'workflow', tableName: 'artifacts' })
@ObjectType({ description: 'A file that a run left behind.' })
export class Artifact {
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
  name!: string

  @Property({ type: 'text' })
  @Field(() => String)
  mediaType!: string

  @Property({ type: 'double' })
  @Field(() => Float, { description: 'Size in bytes.' })
  bytes!: number

  /** Of the content, in hex. */
  @Property({ type: 'text' })
  @Field(() => String)
  sha256!: string

  @Property({ type: 'text' })
  objectKey!: string

  @Property({ type: 'timestamptz' })
  @Field(() => DateTime)
  createdAt!: Date

  @Field(() => String, { nullable: true, description: 'Where the gateway serves it: a path, for the same caller.' })
  get url(): string {
    return `/artifacts/${this.id}`
  }
}

export const ArtifactConnection = connectionType('Artifact', () => Artifact)
