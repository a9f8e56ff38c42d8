import { Authenticated } from '@signalbox/shared/scopes'
import { Arg, Ctx, Mutation, Resolver } from 'type-graphql'
import type { AuthContext } from '../context.ts'
import { ViewerType } from '../users/viewer.type.ts'
import {
  EndOtherSessionsPayload,
  EndSessionInput,
  EndSessionPayload,
  RefreshSessionInput,
  RefreshSessionPayload,
  SignOutInput,
  SignOutPayload,
  SwitchOrganizationInput,
  SwitchOrganizationPayload,
} from './session.inputs.ts'

@Resolver()
export class SessionResolver {
  @Mutation(() => RefreshSessionPayload, { description: 'Renews a session by its refresh cookie; rights are read again.' })
  async refreshSession(
    @Arg('input', () => RefreshSessionInput, { nullable: true }) input: RefreshSessionInput | null,
    @Ctx() context: AuthContext,
  ): Promise<RefreshSessionPayload> {
    const viewer = context.signIn(await context.sessions.refresh())
    return { viewer: ViewerType.of(viewer), clientMutationId: input?.clientMutationId ?? null }
  }

  @Mutation(() => SignOutPayload, { description: 'Ends the session; does nothing when nobody is signed in.' })
  async signOut(
    @Arg('input', () => SignOutInput) { everywhere }: SignOutInput,
    @Ctx() { sessions }: AuthContext,
  ): Promise<SignOutPayload> {
    await sessions.signOut(everywhere)
    return { everywhere }
  }

  @Mutation(() => EndSessionPayload, { description: 'Ends one of the caller’s sessions, wherever it is; at once.' })
  @Authenticated()
  async endSession(
    @Arg('input', () => EndSessionInput) { id }: EndSessionInput,
    @Ctx() { sessions }: AuthContext,
  ): Promise<EndSessionPayload> {
    await sessions.end(id)
    return { id }
  }

  @Mutation(() => EndOtherSessionsPayload, { description: 'Ends all of the caller’s sessions but this one; at once.' })
  @Authenticated()
  async endOtherSessions(@Ctx() { sessions }: AuthContext): Promise<EndOtherSessionsPayload> {
    return { ended: await sessions.endOthers() }
  }

  @Mutation(() => SwitchOrganizationPayload, {
    description: 'Goes on in another organisation of the caller’s, with the rights held there.',
  })
  @Authenticated()
  async switchOrganization(
    @Arg('input', () => SwitchOrganizationInput) { organizationId }: SwitchOrganizationInput,
    @Ctx() context: AuthContext,
  ): Promise<SwitchOrganizationPayload> {
    return { viewer: ViewerType.of(context.signIn(await context.sessions.switchTo(organizationId))) }
  }
}
