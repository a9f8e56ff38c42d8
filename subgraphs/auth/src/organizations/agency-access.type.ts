import { DateTime } from '@signalbox/shared/federation'
import { Field, ID, ObjectType } from 'type-graphql'
import { User } from '../users/user.entity.ts'
import { Role } from './roles.ts'

@ObjectType({ description: 'Somebody of a client’s agency, who acts for the client too.' })
export class AgencyPerson {
  /** Resolved through the users of the viewer's sight. */
  userId!: string

  @Field(() => User, { nullable: true })
  user?: User | null

  @Field(() => Role, { description: 'The role in the agency, which holds in each of its clients.' })
  role!: Role

  @Field(() => DateTime)
  since!: Date
}

@ObjectType({ description: 'A program of a client’s agency, which reads in the client too.' })
export class AgencyProgram {
  @Field(() => ID)
  id!: string

  @Field(() => String)
  name!: string

  @Field(() => [String])
  scopes!: string[]
}

@ObjectType({ description: 'Who of a client’s agency sees what the client has here.' })
export class AgencyAccess {
  @Field(() => String)
  name!: string

  @Field(() => [AgencyPerson])
  people!: AgencyPerson[]

  @Field(() => [AgencyProgram])
  programs!: AgencyProgram[]
}
