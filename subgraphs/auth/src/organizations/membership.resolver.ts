import { RequiresScopes } from '@signalbox/shared/scopes'
import { Arg, Ctx, FieldResolver, Mutation, Resolver, Root } from 'type-graphql'
import type { AuthContext } from '../context.ts'
import { User } from '../users/user.entity.ts'
import { ChangeMemberRoleInput, ChangeMemberRolePayload, RemoveMemberInput, RemoveMemberPayload } from './membership.inputs.ts'
import { Membership } from './membership.entity.ts'

@Resolver(() => Membership)
export class MembershipResolver {
  @Mutation(() => ChangeMemberRolePayload, {
    description:
      'Takes effect at once: access tokens with the former rights are refused, and a session refresh gives the new ones.',
  })
  @RequiresScopes('org:admin')
  async changeMemberRole(
    @Arg('input', () => ChangeMemberRoleInput) input: ChangeMemberRoleInput,
    @Ctx() { memberships }: AuthContext,
  ): Promise<ChangeMemberRolePayload> {
    return { membership: await memberships.changeRole(input) }
  }

  @Mutation(() => RemoveMemberPayload, {
    description: 'Takes effect at once. The last owner of an organisation cannot go.',
  })
  @RequiresScopes('org:admin')
  async removeMember(
    @Arg('input', () => RemoveMemberInput) { membershipId }: RemoveMemberInput,
    @Ctx() { memberships }: AuthContext,
  ): Promise<RemoveMemberPayload> {
    return { membership: await memberships.remove(membershipId) }
  }

  @FieldResolver(() => User)
  user(@Root() { userId }: Membership, @Ctx() { users }: AuthContext) {
    return users.find(userId)
  }
}
