import { PrimaryKeyProp } from '@mikro-orm/core'
import { Entity, PrimaryKey, Property } from '@mikro-orm/decorators/legacy'
import { DateTime } from '@signalbox/shared/federation'
import { Directive, Field, ID, ObjectType } from 'type-graphql'

@ObjectType({ description: 'A program that acts for an organisation: n8n, a partner’s server, the command line.' })
@Directive('@key(fields: "id")')
@Entity({ tableName: 'service_clients' })
export class ServiceClient {
  [PrimaryKeyProp]?: ['organizationId', 'id']

  @PrimaryKey({ type: 'uuid' })
  organizationId!: string

  @Field(() => ID)
  @PrimaryKey({ type: 'uuid' })
  id!: string

  @Field(() => String)
  @Property({ type: 'string' })
  name!: string

  @Field(() => String, { description: 'The `client_id` of the client credentials grant.' })
  @Property({ type: 'string' })
  clientId!: string

  @Property({ type: 'blob', lazy: true })
  secretHash!: Buffer

  @Field(() => [String])
  @Property({ type: 'string[]' })
  scopes!: string[]

  @Field(() => DateTime)
  @Property({ type: 'datetime' })
  createdAt!: Date

  @Field(() => DateTime, { nullable: true })
  @Property({ type: 'datetime', nullable: true })
  expiresAt!: Date | null

  @Field(() => DateTime, { nullable: true })
  @Property({ type: 'datetime', nullable: true })
  revokedAt!: Date | null

  @Field(() => DateTime, { nullable: true })
  @Property({ type: 'datetime', nullable: true })
  lastUsedAt!: Date | null
}
