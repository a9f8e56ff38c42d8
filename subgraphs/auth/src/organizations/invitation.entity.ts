import { PrimaryKeyProp } from '@mikro-orm/core'
import { Entity, Enum, PrimaryKey, Property } from '@mikro-orm/decorators/legacy'
import { DateTime } from '@signalbox/shared/federation'
import { Field, ID, ObjectType, registerEnumType } from 'type-graphql'
import { Role } from './roles.ts'

export enum InvitationStatus {
  OPEN = 'OPEN',
  EXPIRED = 'EXPIRED',
  ACCEPTED = 'ACCEPTED',
  WITHDRAWN = 'WITHDRAWN',
}
registerEnumType(InvitationStatus, { name: 'InvitationStatus', description: 'Only an open invitation lets somebody in.' })

@ObjectType({ description: 'Lets whoever proves the address in, once: at the next sign-in or session refresh.' })
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

  @Field(() => String, { nullable: true })
  @Property({ type: 'string', nullable: true })
  displayName!: string | null

  @Field(() => Role)
  @Enum({ items: () => Role })
  role!: Role

  @Property({ type: 'uuid', nullable: true })
  invitedBy!: string | null

  @Field(() => DateTime, { description: 'When the mail went out last.' })
  @Property({ type: 'datetime' })
  sentAt!: Date

  /** Mails within an hour of each other. */
  @Property({ type: 'integer' })
  sends!: number

  @Field(() => DateTime)
  @Property({ type: 'datetime' })
  expiresAt!: Date

  @Property({ type: 'datetime', nullable: true })
  acceptedAt!: Date | null

  @Property({ type: 'datetime', nullable: true })
  withdrawnAt!: Date | null

  @Field(() => InvitationStatus)
  get status(): InvitationStatus {
    if (this.acceptedAt) return InvitationStatus.ACCEPTED
    if (this.withdrawnAt) return InvitationStatus.WITHDRAWN
    return this.expiresAt.getTime() > Date.now() ? InvitationStatus.OPEN : InvitationStatus.EXPIRED
  }
}
