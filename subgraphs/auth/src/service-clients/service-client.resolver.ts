import { RequiresScopes } from '@signalbox/shared/scopes'
import { Arg, Ctx, FieldResolver, Mutation, Resolver, Root } from 'type-graphql'
import type { AuthContext } from '../context.ts'
import { ServiceClientSecret } from './service-client-secret.entity.ts'
import {
  CreateServiceClientInput,
  CreateServiceClientPayload,
  RevokeServiceClientInput,
  RevokeServiceClientPayload,
  RotateServiceClientSecretInput,
  RotateServiceClientSecretPayload,
} from './service-client.inputs.ts'
import { ServiceClient } from './service-client.entity.ts'

@Resolver(() => ServiceClient)
export class ServiceClientResolver {
  @FieldResolver(() => [ServiceClientSecret], { description: 'Those that work, newest first.' })
  @RequiresScopes('org:admin')
  secrets(@Root() client: ServiceClient, @Ctx() { serviceClients }: AuthContext): Promise<ServiceClientSecret[]> {
    return serviceClients.secretsOf(client)
  }

  @Mutation(() => CreateServiceClientPayload, { description: 'Makes a service client of the active organisation.' })
  @RequiresScopes('org:admin')
  createServiceClient(
    @Arg('input', () => CreateServiceClientInput) input: CreateServiceClientInput,
    @Ctx() { serviceClients }: AuthContext,
  ): Promise<CreateServiceClientPayload> {
    return serviceClients.create(input)
  }

  @Mutation(() => RotateServiceClientSecretPayload, {
    description: 'Gives a service client one more secret and the former ones an end, 24 hours from now unless said otherwise.',
  })
  @RequiresScopes('org:admin')
  rotateServiceClientSecret(
    @Arg('input', () => RotateServiceClientSecretInput) { id, overlapHours }: RotateServiceClientSecretInput,
    @Ctx() { serviceClients }: AuthContext,
  ): Promise<RotateServiceClientSecretPayload> {
    return serviceClients.rotateSecret(id, overlapHours)
  }

  @Mutation(() => RevokeServiceClientPayload, {
    description: 'Ends a service client for good: the tokens that it has are refused within a second.',
  })
  @RequiresScopes('org:admin')
  async revokeServiceClient(
    @Arg('input', () => RevokeServiceClientInput) { id }: RevokeServiceClientInput,
    @Ctx() { serviceClients }: AuthContext,
  ): Promise<RevokeServiceClientPayload> {
    return { serviceClient: await serviceClients.revoke(id) }
  }
}
