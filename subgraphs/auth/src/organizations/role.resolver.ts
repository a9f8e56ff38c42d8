import { Authenticated } from '@signalbox/shared/scopes'
import { Field, ObjectType, Query, Resolver } from 'type-graphql'
import { kindOf, OrganizationKind, Role, ROLE_WORDS, scopesOf } from './roles.ts'

@ObjectType({ description: 'What a role is for and what it may do.' })
export class RoleDescription {
  @Field(() => Role)
  role!: Role

  @Field(() => OrganizationKind, { description: 'The kind of organisation in which it is held.' })
  kind!: OrganizationKind

  @Field(() => String, { description: 'As people call it: Reviewer.' })
  name!: string

  @Field(() => String, { description: 'One plain sentence.' })
  sentence!: string

  @Field(() => [String])
  scopes!: string[]
}

@Resolver()
export class RoleResolver {
  @Query(() => [RoleDescription], {
    description: 'Every role, from the one with most rights to the one with fewest, of each kind.',
  })
  @Authenticated()
  roles(): RoleDescription[] {
    return Object.values(Role).map((role) =>
      Object.assign(new RoleDescription(), { role, kind: kindOf(role), ...ROLE_WORDS[role], scopes: [...scopesOf(role)] }),
    )
  }
}
