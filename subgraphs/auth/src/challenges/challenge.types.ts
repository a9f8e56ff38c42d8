import { DateTime } from '@signalbox/shared/federation'
import { Field, ID, InputType, ObjectType, registerEnumType } from 'type-graphql'
import { ViewerType } from '../users/viewer.type.ts'

export enum OtpChannel {
  EMAIL = 'EMAIL',
  SMS = 'SMS',
}
registerEnumType(OtpChannel, { name: 'OtpChannel', description: 'How a one-time code reaches a person.' })

@InputType()
export class RequestOtpInput {
  @Field(() => OtpChannel)
  channel!: OtpChannel

  @Field(() => String, { description: 'An e-mail address, or a phone number with its country code: +41791234567.' })
  address!: string
}

@ObjectType()
export class RequestOtpPayload {
  @Field(() => ID)
  challengeId!: string

  @Field(() => DateTime)
  expiresAt!: Date
}

@InputType()
export class VerifyOtpInput {
  @Field(() => ID)
  challengeId!: string

  @Field(() => String, { description: 'Six digits.' })
  code!: string
}

@ObjectType()
export class VerifyOtpPayload {
  @Field(() => ViewerType)
  viewer!: ViewerType
}
