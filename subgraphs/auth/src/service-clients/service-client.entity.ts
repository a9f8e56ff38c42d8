import { PrimaryKeyProp } from '@mikro-orm/core'
import { Entity, Enum, PrimaryKey, Property } from '@mikro-orm/decorators/legacy'
import { DateTime } from '@signalbox/shared/federation'
import { RequiresScopes } from '@signalbox/shared/scopes'
import { Directive, Field, ID, ObjectType, registerEnumType } from 'type-graphql'

export enum ServiceClientKind {
  CONFIDENTIAL = 'CONFIDENTIAL',
  PUBLIC = 'PUBLIC',
}
registerEnumType(ServiceClientKind, {
  name: 'ServiceClientKind',
  description: 'How a program proves who it is, and for whom it acts.',
  valuesConfig: {
    CONFIDENTIAL: { description: 'By a secret; it acts for its organisation (client credentials).' },
    PUBLIC: {
      description: 'It cannot keep a secret; people sign in through it, and it acts for them (authorization code + PKCE).',
    },
  },
})

export enum ServiceClientStatus {
  ACTIVE = 'ACTIVE',
  EXPIRED = 'EXPIRED',
  REVOKED = 'REVOKED',
}
registerEnumType(ServiceClientStatus, {
  name: 'ServiceClientStatus',
  description: 'Whether a service client gets tokens: only an ACTIVE one does.',
})

@ObjectType({
  description: 'A program with access: n8n, a partner’s server, the command line, an application that people sign in to.',
})
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

  @Field(() => String, { description: 'The `client_id` of OAuth.' })
  @Property({ type: 'string' })
  clientId!: string

  @Field(() => ServiceClientKind)
  @Enum({ items: () => ServiceClientKind })
  kind!: ServiceClientKind

  @Field(() => [String], { description: 'The most that it, or a person through it, may do.' })
  @Property({ type: 'string[]' })
  scopes!: string[]

  @Field(() => [String], { description: 'Where people are sent back to after they have signed in; empty for CONFIDENTIAL.' })
  @RequiresScopes('org:admin')
  @Property({ type: 'string[]' })
  redirectUris!: string[]

  @Field(() => DateTime)
  @RequiresScopes('org:admin')
  @Property({ type: 'datetime' })
  createdAt!: Date

  @Field(() => DateTime, { nullable: true })
  @RequiresScopes('org:admin')
  @Property({ type: 'datetime', nullable: true })
  expiresAt!: Date | null

  @Field(() => DateTime, { nullable: true })
  @RequiresScopes('org:admin')
  @Property({ type: 'datetime', nullable: true })
  revokedAt!: Date | null

  @Field(() => DateTime, { nullable: true, description: 'When it last got a token, to ten seconds.' })
  @RequiresScopes('org:admin')
  @Property({ type: 'datetime', nullable: true })
  lastUsedAt!: Date | null

  @Field(() => ServiceClientStatus)
  @RequiresScopes('org:admin')
  get status(): ServiceClientStatus {
    if (this.revokedAt !== null) return ServiceClientStatus.REVOKED
    return this.expiresAt !== null && this.expiresAt.getTime() <= Date.now()
      ? ServiceClientStatus.EXPIRED
      : ServiceClientStatus.ACTIVE
  }
}
