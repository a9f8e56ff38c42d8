import { PrimaryKeyProp } from '@mikro-orm/core'
import { Entity, PrimaryKey, Property } from '@mikro-orm/decorators/legacy'
import { DateTime } from '@signalbox/shared/federation'
import { Field, ID, ObjectType } from 'type-graphql'

@ObjectType({ description: 'A secret of a service client that works, told apart from others by its last characters.' })
@Entity({ tableName: 'service_client_secrets' })
export class ServiceClientSecret {
  [PrimaryKeyProp]?: ['organizationId', 'id']

  @PrimaryKey({ type: 'uuid' })
  organizationId!: string

  @Field(() => ID)
  @PrimaryKey({ type: 'uuid' })
  id!: string

  @Property({ type: 'uuid' })
  serviceClientId!: string

  @Property({ type: 'blob', lazy: true })
  hash!: Buffer

  @Field(() => String, { description: 'The last four characters.' })
  @Property({ type: 'string' })
  hint!: string

  @Field(() => DateTime)
  @Property({ type: 'datetime' })
  createdAt!: Date

  @Field(() => DateTime, { nullable: true, description: 'Null: until it is replaced.' })
  @Property({ type: 'datetime', nullable: true })
  expiresAt!: Date | null

  @Field(() => DateTime, { nullable: true, description: 'To ten seconds.' })
  @Property({ type: 'datetime', nullable: true })
  lastUsedAt!: Date | null
}
