import { DateTime } from '@signalbox/shared/federation'
import { Field, ID, ObjectType } from 'type-graphql'

/** As `auth.sessions_of` gives it; the driver makes texts of times. */
export type SessionRow = Record<'id' | 'created_at' | 'last_used_at' | 'expires_at' | 'idle_expires_at', string> &
  Record<'user_agent' | 'address', string | null>

@ObjectType({ description: 'One place where a person is signed in.' })
export class Session {
  @Field(() => ID)
  id!: string

  @Field(() => Boolean, { description: 'Whether this very request belongs to it.' })
  current!: boolean

  @Field(() => DateTime)
  createdAt!: Date

  @Field(() => DateTime, { nullable: true })
  lastUsedAt!: Date | null

  @Field(() => DateTime, { description: 'When it is over, however busy it is.' })
  expiresAt!: Date

  @Field(() => DateTime, { description: 'When it is over unless it is used before.' })
  idleExpiresAt!: Date

  @Field(() => String, { nullable: true })
  userAgent!: string | null

  @Field(() => String, { nullable: true })
  address!: string | null

  static of(row: SessionRow, currentId: string): Session {
    return Object.assign(new Session(), {
      id: row.id,
      current: row.id === currentId,
      createdAt: new Date(row.created_at),
      lastUsedAt: new Date(row.last_used_at),
      expiresAt: new Date(row.expires_at),
      idleExpiresAt: new Date(row.idle_expires_at),
      userAgent: row.user_agent,
      address: row.address,
    })
  }
}
