import { UnauthenticatedError } from '@signalbox/shared/errors'
import { requireViewer } from '@signalbox/shared/scopes'
import { Ctx, FieldResolver, Query, Resolver } from 'type-graphql'
import type { AuthContext } from '../context.ts'
import { Organization } from '../organizations/organization.entity.ts'
import { Session } from '../sessions/session.type.ts'
import { Actor } from './actor.ts'
import { ViewerType } from './viewer.type.ts'

@Resolver(() => ViewerType)
export class ViewerResolver {
  @Query(() => ViewerType, { nullable: true, description: 'The caller, or null when nobody is signed in.' })
  viewer(@Ctx() { viewer }: AuthContext): ViewerType | null {
    return viewer && ViewerType.of(viewer)
  }

  @FieldResolver(() => Actor)
  async actor(@Ctx() context: AuthContext): Promise<Actor> {
    const { actorId, actorKind } = requireViewer(context.viewer)
    const actor = actorKind === 'USER' ? await context.users.find(actorId) : await context.serviceClients.find(actorId)
    if (actor === null) throw new UnauthenticatedError('This account has no access any more. Sign in again.')
    return actor
  }

  @FieldResolver(() => Organization, { description: 'The active organisation: where the caller writes.' })
  organization(@Ctx() { organizations, viewer }: AuthContext): Promise<Organization> {
    return organizations.get(requireViewer(viewer).organizationId)
  }

  @FieldResolver(() => [Organization], { description: 'The organisations that the caller reads while the active one is active.' })
  readableOrganizations(@Ctx() { organizations, viewer }: AuthContext): Promise<Organization[]> {
    return organizations.list(requireViewer(viewer).organizationIds)
  }

  @FieldResolver(() => [Session], {
    description: 'Where this person is signed in; none for a service client, nor for an application.',
  })
  sessions(@Ctx() { sessions }: AuthContext): Promise<Session[]> {
    return sessions.list()
  }
}
