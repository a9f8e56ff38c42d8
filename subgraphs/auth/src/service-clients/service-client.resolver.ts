import { RequiresScopes } from '@signalbox/shared/scopes'
import { Arg, Ctx, Mutation, Resolver } from 'type-graphql'
import type { AuthContext } from '../context.ts'
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
  @Mutation(() => CreateServiceClientPayload, { description: 'Makes a service client of the active organisation.' })
  @RequiresScopes('org:admin')
  createServiceClient(
    @Arg('input', () => CreateServiceClientInput) input: CreateServiceClientInput,
    @Ctx() { serviceClients }: AuthContext,
  ): Promise<CreateServiceClientPayload> {
    return serviceClients.create(input)
  }

  @Mutation(() => RotateServiceClientSecretPayload, { description: 'Replaces the secret at once.' })
  @RequiresScopes('org:admin')
  rotateServiceClientSecret(
    @Arg('input', () => RotateServiceClientSecretInput) { id }: RotateServiceClientSecretInput,
    @Ctx() { serviceClients }: AuthContext,
  ): Promise<RotateServiceClientSecretPayload> {
    return serviceClients.rotateSecret(id)
  }

  @Mutation(() => RevokeServiceClientPayload, { description: 'Ends a service client for good.' })
  @RequiresScopes('org:admin')
  async revokeServiceClient(
    @Arg('input', () => RevokeServiceClientInput) { id }: RevokeServiceClientInput,
    @Ctx() { serviceClients }: AuthContext,
  ): Promise<RevokeServiceClientPayload> {
    return { serviceClient: await serviceClients.revoke(id) }
  }
}
