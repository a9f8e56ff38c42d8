import { PageArgs } from '@signalbox/shared/connection'
import { Authenticated, RequiresScopes } from '@signalbox/shared/scopes'
import { Arg, Args, Ctx, FieldResolver, ID, Mutation, Query, Resolver, Root } from 'type-graphql'
import type { AuthContext } from '../context.ts'
import { ServiceClient } from '../service-clients/service-client.entity.ts'
import { CreateOrganizationInput, CreateOrganizationPayload } from './organization.inputs.ts'
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
  async createOrganization(
    @Arg('input', () => CreateOrganizationInput) input: CreateOrganizationInput,
    @Ctx() { organizations }: AuthContext,
  ): Promise<CreateOrganizationPayload> {
    return { organization: await organizations.create(input) }
  }

  @FieldResolver(() => Organization, { nullable: true, description: 'The agency of a client, if the caller reads it.' })
  agency(@Root() { agencyId }: Organization, @Ctx() { organizations }: AuthContext) {
    return agencyId === null ? null : organizations.find(agencyId)
  }

  @FieldResolver(() => MembershipConnection)
  members(@Root() { id }: Organization, @Args(() => PageArgs) page: PageArgs, @Ctx() { memberships }: AuthContext) {
    return memberships.list(id, page)
  }

  @FieldResolver(() => [ServiceClient])
  @RequiresScopes('org:admin')
  serviceClients(@Root() { id }: Organization, @Ctx() { serviceClients }: AuthContext) {
    return serviceClients.list(id)
  }
}
