import { Field, ID, InputType, ObjectType } from 'type-graphql'
import { Membership } from './membership.entity.ts'
import { Role } from './roles.ts'

@InputType()
export class ChangeMemberRoleInput {
  @Field(() => ID)
  membershipId!: string

  @Field(() => Role)
  role!: Role
}

@ObjectType()
export class ChangeMemberRolePayload {
  @Field(() => Membership)
  membership!: Membership
}

@InputType()
export class RemoveMemberInput {
  @Field(() => ID)
  membershipId!: string
}

@ObjectType()
export class RemoveMemberPayload {
  @Field(() => Membership, { description: 'As it was.' })
  membership!: Membership
}
