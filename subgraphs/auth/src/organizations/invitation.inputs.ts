import { Field, ID, InputType, ObjectType } from 'type-graphql'
import { Invitation } from './invitation.entity.ts'
import { Organization } from './organization.entity.ts'
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
export class ResendInvitationInput {
  @Field(() => ID)
  id!: string
}

@ObjectType()
export class ResendInvitationPayload {
  @Field(() => Invitation, { description: 'Good for another 14 days.' })
  invitation!: Invitation
}

@InputType()
export class WithdrawInvitationInput {
  @Field(() => ID)
  id!: string
}

@ObjectType()
export class WithdrawInvitationPayload {
  @Field(() => Invitation)
  invitation!: Invitation
}

@InputType()
export class AcceptInvitationInput {
  @Field(() => ID, { description: 'As it stands in the mail’s link.' })
  id!: string
}

@ObjectType()
export class AcceptInvitationPayload {
  @Field(() => Organization, { description: 'The caller is a member of it and acts in it now.' })
  organization!: Organization
}
