import { Field, InputType, ObjectType } from 'type-graphql'
import { Organization } from './organization.entity.ts'

@InputType()
export class CreateOrganizationInput {
  @Field(() => String)
  name!: string

  @Field(() => String, { nullable: true, description: 'IANA name; the agency’s own unless given.' })
  timeZone?: string | null
}

@ObjectType()
export class CreateOrganizationPayload {
  @Field(() => Organization, { description: 'Readable by everybody of the agency from their next session refresh on.' })
  organization!: Organization
}
