import { Field, InputType, ObjectType } from 'type-graphql'
import { Invitation } from './invitation.entity.ts'
import { Organization } from './organization.entity.ts'

@InputType()
export class CreateOrganizationInput {
  @Field(() => String)
  name!: string

  @Field(() => String, { nullable: true, description: 'IANA name; the agency’s own unless given.' })
  timeZone?: string | null

  @Field(() => String, { nullable: true, description: 'Who is invited as its first owner, in the same step.' })
  ownerEmail?: string | null
}

@ObjectType()
export class CreateOrganizationPayload {
  @Field(() => Organization, { description: 'Readable by everybody of the agency from their next session refresh on.' })
  organization!: Organization

  @Field(() => Invitation, { nullable: true, description: 'Of the first owner, when one was named.' })
  invitation!: Invitation | null
}

@InputType({ description: 'What is left out stays as it is.' })
export class UpdateOrganizationInput {
  @Field(() => String, { nullable: true })
  name?: string | null

  @Field(() => String, { nullable: true, description: 'IANA name.' })
  timeZone?: string | null
}

@ObjectType()
export class UpdateOrganizationPayload {
  @Field(() => Organization)
  organization!: Organization
}
