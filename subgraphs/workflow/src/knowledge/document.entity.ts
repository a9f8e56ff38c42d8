import { PrimaryKeyProp } from '@mikro-orm/core'
import { Entity, PrimaryKey, Property } from '@mikro-orm/decorators/legacy'
import { connectionType } from '@signalbox/shared/connection'
import { DateTime } from '@signalbox/shared/federation'
import { Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql'
import type { TextFormat } from './chunking.ts'

export enum DocumentStatus {
  INDEXED = 'INDEXED',
  WAITING = 'WAITING',
  DUPLICATE = 'DUPLICATE',
}
registerEnumType(DocumentStatus, {
  name: 'DocumentStatus',
  description: 'Whether a document can be found.',
  valuesConfig: {
    INDEXED: { description: 'Its present text is found.' },
    WAITING: { description: 'It is still being read; a former version may be found meanwhile.' },
    DUPLICATE: { description: 'Another document of the base says exactly the same and is found in its stead.' },
  },
})

/** One text of a knowledge base, as it was handed in; what is searched is derived from it. */
@Entity({ schema: 'workflow', tableName: 'documents' })
@ObjectType('KnowledgeDocument', { description: 'One text of a knowledge base: a file, a page, a row of a table.' })
export class Document {
  [PrimaryKeyProp]?: ['organizationId', 'id']

  @PrimaryKey({ type: 'uuid' })
  organizationId!: string

  @PrimaryKey({ type: 'uuid' })
  @Field(() => ID)
  id!: string

  @Property({ type: 'uuid' })
  knowledgeBaseId!: string

  @Property({ type: 'text' })
  @Field(() => String, { description: 'The sender’s name for it: the same key again replaces it.' })
  key!: string

  @Property({ type: 'text', nullable: true })
  @Field(() => String, { nullable: true })
  title!: string | null

  @Property({ type: 'text', nullable: true })
  @Field(() => String, { nullable: true, description: 'It is an example that decisions are taken by.' })
  label!: string | null

  @Property({ type: 'integer' })
  @Field(() => Int, { description: 'From 1; each change of its text, title or label makes the next.' })
  version!: number

  @Property({ type: 'text' })
  format!: TextFormat

  @Property({ type: 'text', nullable: true })
  @Field(() => String, { nullable: true, description: 'The file or the address that it came from.' })
  source!: string | null

  @Property({ type: 'text' })
  contentHash!: string

  /** The content that the index holds; another one means that the document waits to be indexed. */
  @Property({ type: 'text', nullable: true })
  indexedHash!: string | null

  @Property({ type: 'uuid', nullable: true })
  @Field(() => ID, { nullable: true, description: 'The document that says the same and is found in its stead.' })
  duplicateOf!: string | null

  @Property({ type: 'integer' })
  @Field(() => Int, { description: 'Passages that it was split into.' })
  chunks!: number

  @Property({ type: 'timestamptz' })
  @Field(() => DateTime)
  createdAt!: Date

  @Property({ type: 'timestamptz' })
  @Field(() => DateTime)
  updatedAt!: Date

  /** Not a column: lists fill it. */
  @Field(() => String, { description: 'How its text begins.' })
  excerpt!: string

  @Field(() => DocumentStatus)
  get status(): DocumentStatus {
    if (this.duplicateOf !== null) return DocumentStatus.DUPLICATE
    return this.indexedHash === this.contentHash ? DocumentStatus.INDEXED : DocumentStatus.WAITING
  }
}

export const DocumentConnection = connectionType('KnowledgeDocument', () => Document)
