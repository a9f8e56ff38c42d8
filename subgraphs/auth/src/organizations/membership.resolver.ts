import { RequiresScopes } from '@signalbox/shared/scopes'
import { Arg, Ctx, FieldResolver, Mutation, Resolver, Root } from 'type-graphql'
import type { AuthContext } from '../context.ts'
import { User } from '../users/user.entity.ts'
import {
  ChangeMemberRoleInput,
  ChangeMemberRolePayload,
  InviteMemberInput,
  InviteMemberPayload,
  RemoveMemberInput,
  RemoveMemberPayload,
} from './membership.inputs.ts'
import { Membership } from './membership.entity.ts'

@Resolver(() => Membership)
export class MembershipResolver {
  @Mutation(() => InviteMemberPayload, { description: 'Invites an address into the active organisation, by mail.' })
  @RequiresScopes('org:admin')
  async inviteMember(
    @Arg('input', () => InviteMemberInput) input: InviteMemberInput,
    @Ctx() { memberships }: AuthContext,
  ): Promise<InviteMemberPayload> {
    return { invitation: await memberships.invite(input) }
  }

  @Mutation(() => ChangeMemberRolePayload, {
    description: 'Takes effect at the member’s next session refresh, within 5 minutes.',
  })
  @RequiresScopes('org:admin')
  async changeMemberRole(
    @Arg('input', () => ChangeMemberRoleInput) input: ChangeMemberRoleInput,
    @Ctx() { memberships }: AuthContext,
  ): Promise<ChangeMemberRolePayload> {
    return { membership: await memberships.changeRole(input) }
  }

  @Mutation(() => RemoveMemberPayload, { description: 'The last owner of an organisation cannot go.' })
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
