import { Authenticated, RequiresScopes } from '@signalbox/shared/scopes'
import { Arg, Ctx, FieldResolver, Mutation, Resolver, Root } from 'type-graphql'
import type { AuthContext } from '../context.ts'
import { User } from '../users/user.entity.ts'
import { Invitation } from './invitation.entity.ts'
import {
  AcceptInvitationInput,
  AcceptInvitationPayload,
  InviteMemberInput,
  InviteMemberPayload,
  ResendInvitationInput,
  ResendInvitationPayload,
  WithdrawInvitationInput,
  WithdrawInvitationPayload,
} from './invitation.inputs.ts'

@Resolver(() => Invitation)
export class InvitationResolver {
  @Mutation(() => InviteMemberPayload, {
    description: 'Invites an address into the active organisation, by mail. Nobody gives a role with more rights than their own.',
  })
  @RequiresScopes('org:admin')
  async inviteMember(
    @Arg('input', () => InviteMemberInput) input: InviteMemberInput,
    @Ctx() { invitations }: AuthContext,
  ): Promise<InviteMemberPayload> {
    return { invitation: await invitations.invite(input) }
  }

  @Mutation(() => ResendInvitationPayload, {
    description: 'Mails an open or expired invitation again; after five mails within an hour there is a pause.',
  })
  @RequiresScopes('org:admin')
  async resendInvitation(
    @Arg('input', () => ResendInvitationInput) { id }: ResendInvitationInput,
    @Ctx() { invitations }: AuthContext,
  ): Promise<ResendInvitationPayload> {
    return { invitation: await invitations.resend(id) }
  }

  @Mutation(() => WithdrawInvitationPayload, { description: 'The address is let in by it no more.' })
  @RequiresScopes('org:admin')
  async withdrawInvitation(
    @Arg('input', () => WithdrawInvitationInput) { id }: WithdrawInvitationInput,
    @Ctx() { invitations }: AuthContext,
  ): Promise<WithdrawInvitationPayload> {
    return { invitation: await invitations.withdraw(id) }
  }

  @Mutation(() => AcceptInvitationPayload, {
    description:
      'Makes the caller a member by an invitation for the caller’s own address, and goes on in that organisation. A sign-in does the first by itself.',
  })
  @Authenticated()
  async acceptInvitation(
    @Arg('input', () => AcceptInvitationInput) { id }: AcceptInvitationInput,
    @Ctx() context: AuthContext,
  ): Promise<AcceptInvitationPayload> {
    const organizationId = await context.invitations.accept(id)
    context.signIn(await context.sessions.switchTo(organizationId))
    return { organization: await context.organizations.get(organizationId) }
  }

  @FieldResolver(() => User, { nullable: true, description: 'Null for a service client.' })
  invitedBy(@Root() { invitedBy }: Invitation, @Ctx() { users }: AuthContext) {
    return invitedBy === null ? null : users.find(invitedBy)
  }
}
