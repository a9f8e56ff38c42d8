import { DateTime, JSONValue } from '@signalbox/shared/federation'
import { Actor, User, type actorOf } from '@signalbox/shared/actor'
import { Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql'
import { ReviewAction } from './review.entity.ts'

export enum HandoverKind {
  ASSIGNED = 'ASSIGNED',
  CLAIMED = 'CLAIMED',
  RELEASED = 'RELEASED',
  DELEGATED = 'DELEGATED',
  REMINDED = 'REMINDED',
  ESCALATED = 'ESCALATED',
}
registerEnumType(HandoverKind, { name: 'ReviewHandoverKind', description: 'How a review came into other hands.' })

export enum DeliveryStatus {
  PENDING = 'PENDING',
  DELIVERED = 'DELIVERED',
  FAILED = 'FAILED',
}
registerEnumType(DeliveryStatus, {
  name: 'ReviewDeliveryStatus',
  description: 'Whether the other side has the decision.',
  valuesConfig: { PENDING: { description: 'It is tried again until it is taken.' } },
})

@ObjectType({ description: 'What one person wants, where several must agree.' })
export class ReviewVote {
  @Field(() => Actor, { nullable: true }) voter!: ReturnType<typeof actorOf>
  @Field(() => ReviewAction) action!: ReviewAction
  @Field(() => JSONValue, { nullable: true }) value!: unknown
  @Field(() => String, { nullable: true }) comment!: string | null
  @Field(() => DateTime) votedAt!: Date
}

@ObjectType({ description: 'One change of hands.' })
export class ReviewHandover {
  @Field(() => ID) id!: string
  @Field(() => HandoverKind) kind!: HandoverKind
  @Field(() => User, { nullable: true, description: 'Whose it is from then on; null: nobody’s in particular.' }) to!: User | null
  @Field(() => String, { nullable: true, description: 'Who may decide from then on.' }) role!: string | null
  @Field(() => String, { nullable: true }) comment!: string | null
  @Field(() => Actor, { nullable: true }) actor!: ReturnType<typeof actorOf>
  @Field(() => DateTime) at!: Date
}

@ObjectType({ description: 'A decision on its way to n8n.' })
export class ReviewDelivery {
  @Field(() => ID) id!: string
  @Field(() => String, { description: 'Where it goes, without what gives the right to go on there.' }) host!: string
  @Field(() => DeliveryStatus) status!: DeliveryStatus
  @Field(() => Int) attempts!: number
  @Field(() => Int, { nullable: true, description: 'What was answered last.' }) httpStatus!: number | null
  @Field(() => String, { nullable: true, description: 'Why the last try did not succeed.' }) fault!: string | null
  @Field(() => DateTime) createdAt!: Date
  @Field(() => DateTime, { nullable: true }) nextAt!: Date | null
  @Field(() => DateTime, { nullable: true }) settledAt!: Date | null
}

@ObjectType({ description: 'Whether the caller may decide a review now.' })
export class ReviewRight {
  @Field(() => Boolean) allowed!: boolean
  @Field(() => String, { nullable: true, description: 'Why not, and who may.' }) reason!: string | null
}
