import { Field, ID, InputType, ObjectType } from 'type-graphql'
import { User } from './user.entity.ts'

@InputType()
export class RequestPhoneCodeInput {
  @Field(() => String, { description: 'With its country code: +41791234567.' })
  phone!: string
}

@InputType()
export class ConfirmPhoneInput {
  @Field(() => ID)
  challengeId!: string

  @Field(() => String, { description: 'Six digits.' })
  code!: string
}

@InputType()
export class RemovePhoneInput {
  @Field(() => String, { nullable: true, description: 'Echoed in the payload.' })
  clientMutationId?: string | null
}

@ObjectType()
export class ConfirmPhonePayload {
  @Field(() => User)
  user!: User
}

@ObjectType()
export class RemovePhonePayload {
  @Field(() => User)
  user!: User

  @Field(() => String, { nullable: true })
  clientMutationId?: string | null
}
