import { Field, ID, InputType, Int, ObjectType } from 'type-graphql'
import { ViewerType } from '../users/viewer.type.ts'

@InputType()
export class RefreshSessionInput {
  @Field(() => String, { nullable: true, description: 'Echoed in the payload.' })
  clientMutationId?: string | null
}

@ObjectType()
export class RefreshSessionPayload {
  @Field(() => ViewerType)
  viewer!: ViewerType

  @Field(() => String, { nullable: true })
  clientMutationId?: string | null
}

@InputType()
export class SignOutInput {
  @Field(() => Boolean, { description: 'Ends every session of the person, not only this one.' })
  everywhere!: boolean
}

@ObjectType()
export class SignOutPayload {
  @Field(() => Boolean)
  everywhere!: boolean
}

@InputType()
export class SwitchOrganizationInput {
  @Field(() => ID)
  organizationId!: string
}

@ObjectType()
export class SwitchOrganizationPayload {
  @Field(() => ViewerType)
  viewer!: ViewerType
}

@InputType()
export class EndSessionInput {
  @Field(() => ID)
  id!: string
}

@ObjectType()
export class EndSessionPayload {
  @Field(() => ID, { description: 'Of the session that has ended.' })
  id!: string
}

@ObjectType()
export class EndOtherSessionsPayload {
  @Field(() => Int, { description: 'How many sessions have ended.' })
  ended!: number
}
