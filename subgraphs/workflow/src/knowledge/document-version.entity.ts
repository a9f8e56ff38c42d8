import { PrimaryKeyProp } from '@mikro-orm/core'
import { Entity, PrimaryKey, Property } from '@mikro-orm/decorators/legacy'
import { DateTime } from '@signalbox/shared/federation'
import { Field, Int, ObjectType } from 'type-graphql'

@Entity({ schema: 'workflow', tableName: 'document_versions' })
@ObjectType({ description: 'What a document was at a time. Former texts are not kept.' })
export class DocumentVersion {
  [PrimaryKeyProp]?: ['organizationId', 'documentId', 'version']

  @PrimaryKey({ type: 'uuid' })
  organizationId!: string

  @PrimaryKey({ type: 'uuid' })
  documentId!: string

  @PrimaryKey({ type: 'integer' })
  @Field(() => Int)
  version!: number

  @Property({ type: 'text' })
  @Field(() => String, { description: 'SHA-256 of its text, title and label, in base64url.' })
  contentHash!: string

  @Property({ type: 'text', nullable: true })
  @Field(() => String, { nullable: true })
  title!: string | null

  @Property({ type: 'text', nullable: true })
  @Field(() => String, { nullable: true })
  label!: string | null

  @Property({ type: 'integer' })
  @Field(() => Int, { description: 'Length of its text.' })
  characters!: number

  @Property({ type: 'text', nullable: true })
  @Field(() => String, { nullable: true, description: 'The file or the address that it came from.' })
  source!: string | null

  @Property({ type: 'text', nullable: true })
  authorKind!: string | null

  @Property({ type: 'text', nullable: true })
  authorId!: string | null

  @Property({ type: 'timestamptz' })
  @Field(() => DateTime)
  createdAt!: Date
}
