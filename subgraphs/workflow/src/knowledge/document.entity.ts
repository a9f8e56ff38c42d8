import { PrimaryKeyProp } from '@mikro-orm/core'
import { Entity, PrimaryKey, Property } from '@mikro-orm/decorators/legacy'

/** One text of a knowledge base, as it was handed in; what is searched is derived from it. */
@Entity({ schema: 'workflow', tableName: 'documents' })
export class Document {
  [PrimaryKeyProp]?: ['organizationId', 'id']

  @PrimaryKey({ type: 'uuid' })
  organizationId!: string

  @PrimaryKey({ type: 'uuid' })
  id!: string

  @Property({ type: 'uuid' })
  knowledgeBaseId!: string

  /** The sender's name for it: the same key again replaces it. */
  @Property({ type: 'text' })
  key!: string

  @Property({ type: 'text', nullable: true })
  title!: string | null

  @Property({ type: 'text' })
  text!: string

  @Property({ type: 'text', nullable: true })
  label!: string | null

  @Property({ type: 'text' })
  contentHash!: string

  /** The content that the index holds; another one means that the document waits to be indexed. */
  @Property({ type: 'text', nullable: true })
  indexedHash!: string | null

  @Property({ type: 'integer' })
  chunks!: number

  @Property({ type: 'timestamptz' })
  createdAt!: Date

  @Property({ type: 'timestamptz' })
  updatedAt!: Date
}
