import { DateTime } from '@signalbox/shared/federation'
import { Field, ID, ObjectType } from 'type-graphql'

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

  @Field(() => String, { nullable: true })
  userAgent!: string | null

  @Field(() => String, { nullable: true })
  address!: string | null
}
