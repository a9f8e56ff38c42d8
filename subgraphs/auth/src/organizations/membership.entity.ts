import { PrimaryKeyProp } from '@mikro-orm/core'
import { Entity, Enum, PrimaryKey, Property } from '@mikro-orm/decorators/legacy'
import { connectionType } from '@signalbox/shared/connection'
import { DateTime } from '@signalbox/shared/federation'
import { Field, ID, ObjectType } from 'type-graphql'
import { Role } from './roles.ts'

@ObjectType({ description: 'A person’s place in an organisation.' })
@Entity({ tableName: 'memberships' })
export class Membership {
  [PrimaryKeyProp]?: ['organizationId', 'id']

  @PrimaryKey({ type: 'uuid' })
  organizationId!: string

  @Field(() => ID)
  @PrimaryKey({ type: 'uuid' })
  id!: string

  @Property({ type: 'uuid' })
  userId!: string

  @Field(() => Role)
  @Enum({ items: () => Role })
  role!: Role

  @Field(() => DateTime)
  @Property({ type: 'datetime' })
  since!: Date

  /** Set when the person was removed; the row stays for the names in what the person did. */
  @Property({ type: 'datetime', nullable: true })
  endedAt!: Date | null
}

export const MembershipConnection = connectionType('Membership', () => Membership)
