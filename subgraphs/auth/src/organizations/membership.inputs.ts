import { Field, ID, InputType, ObjectType } from 'type-graphql'
import { Invitation } from './invitation.entity.ts'
import { Membership } from './membership.entity.ts'
import { Role } from './roles.ts'

@InputType()
export class InviteMemberInput {
  @Field(() => String)
  email!: string

  @Field(() => Role, { description: 'A role of the kind of the active organisation: AGENCY_… or CLIENT_….' })
  role!: Role

  @Field(() => String, { nullable: true, description: 'Made from the address unless given.' })
  displayName?: string | null
}

@ObjectType()
export class InviteMemberPayload {
  @Field(() => Invitation)
  invitation!: Invitation
}

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
