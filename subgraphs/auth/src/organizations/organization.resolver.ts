import { PageArgs } from '@signalbox/shared/connection'
import { Authenticated, RequiresScopes } from '@signalbox/shared/scopes'
import { Arg, Args, Ctx, FieldResolver, ID, Mutation, Query, Resolver, Root } from 'type-graphql'
import type { AuthContext } from '../context.ts'
import { ServiceClient } from '../service-clients/service-client.entity.ts'
import { User } from '../users/user.entity.ts'
import { AgencyAccess, AgencyPerson } from './agency-access.type.ts'
import { Invitation } from './invitation.entity.ts'
import {
  CreateOrganizationInput,
  CreateOrganizationPayload,
  UpdateOrganizationInput,
  UpdateOrganizationPayload,
} from './organization.inputs.ts'
import { Organization } from './organization.entity.ts'
import { MembershipConnection } from './membership.entity.ts'

@Resolver(() => Organization)
export class OrganizationResolver {
  @Query(() => Organization, { nullable: true })
  @Authenticated()
  organization(@Arg('id', () => ID) id: string, @Ctx() { organizations }: AuthContext) {
    return organizations.get(id)
  }

  @Query(() => [Organization], { description: 'Those that the caller reads or could switch to.' })
  @Authenticated()
  organizations(@Ctx() { organizations }: AuthContext) {
    return organizations.reachable()
  }

  @Mutation(() => CreateOrganizationPayload, { description: 'Takes on a client of the caller’s agency.' })
  @RequiresScopes('org:admin')
  createOrganization(
    @Arg('input', () => CreateOrganizationInput) input: CreateOrganizationInput,
    @Ctx() { organizations }: AuthContext,
  ): Promise<CreateOrganizationPayload> {
    return organizations.create(input)
  }

  @Mutation(() => UpdateOrganizationPayload, { description: 'Changes the active organisation.' })
  @RequiresScopes('org:admin')
  async updateOrganization(
    @Arg('input', () => UpdateOrganizationInput) input: UpdateOrganizationInput,
    @Ctx() { organizations }: AuthContext,
  ): Promise<UpdateOrganizationPayload> {
    return { organization: await organizations.update(input) }
  }

  @FieldResolver(() => Organization, { nullable: true, description: 'The agency of a client, if the caller reads it.' })
  agency(@Root() { agencyId }: Organization, @Ctx() { organizations }: AuthContext) {
    return agencyId === null ? null : organizations.find(agencyId)
  }

  @FieldResolver(() => MembershipConnection)
  members(@Root() { id }: Organization, @Args(() => PageArgs) page: PageArgs, @Ctx() { memberships }: AuthContext) {
    return memberships.list(id, page)
  }

  @FieldResolver(() => AgencyAccess, {
    nullable: true,
    description: 'Who of its agency acts in a client: a client may know who sees its data. Null for an agency.',
  })
  agencyAccess(@Root() organization: Organization, @Ctx() { organizations }: AuthContext) {
    return organizations.agencyAccess(organization)
  }

  @FieldResolver(() => [Invitation], {
    description: 'Those that are neither accepted nor withdrawn, newest first; expired ones too.',
  })
  @RequiresScopes('org:admin')
  invitations(@Root() { id }: Organization, @Ctx() { invitations }: AuthContext) {
    return invitations.list(id)
  }

  @FieldResolver(() => [ServiceClient])
  @RequiresScopes('org:admin')
  serviceClients(@Root() { id }: Organization, @Ctx() { serviceClients }: AuthContext) {
    return serviceClients.list(id)
  }
}

@Resolver(() => AgencyPerson)
export class AgencyPersonResolver {
  @FieldResolver(() => User, { nullable: true })
  user(@Root() { userId }: AgencyPerson, @Ctx() { users }: AuthContext) {
    return users.find(userId)
  }
}
