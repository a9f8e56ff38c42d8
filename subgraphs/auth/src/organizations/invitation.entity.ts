import { PrimaryKeyProp } from '@mikro-orm/core'
import { Entity, Enum, PrimaryKey, Property } from '@mikro-orm/decorators/legacy'
import { DateTime } from '@signalbox/shared/federation'
import { Field, ID, ObjectType } from 'type-graphql'
import { Role } from './roles.ts'

@ObjectType({ description: 'Lets an address in at its next sign-in.' })
@Entity({ tableName: 'invitations' })
export class Invitation {
  [PrimaryKeyProp]?: ['organizationId', 'id']

  @PrimaryKey({ type: 'uuid' })
  organizationId!: string

  @Field(() => ID)
  @PrimaryKey({ type: 'uuid' })
  id!: string

  @Field(() => String)
  @Property({ type: 'string' })
  email!: string

  @Property({ type: 'string', nullable: true })
  displayName!: string | null

  @Field(() => Role)
  @Enum({ items: () => Role })
  role!: Role

  @Field(() => DateTime)
  @Property({ type: 'datetime' })
  expiresAt!: Date

  @Property({ type: 'datetime', nullable: true })
  acceptedAt!: Date | null
}
