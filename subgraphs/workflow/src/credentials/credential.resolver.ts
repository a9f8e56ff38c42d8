import { Actor, actorOf } from '@signalbox/shared/actor'
import { RequiresScopes } from '@signalbox/shared/scopes'
import { Arg, Ctx, FieldResolver, Mutation, Query, Resolver, Root } from 'type-graphql'
import type { WorkflowContext } from '../context.ts'
import {
  DeleteCredentialInput,
  DeleteCredentialPayload,
  SaveCredentialInput,
  SaveCredentialPayload,
  TestCredentialInput,
  TestCredentialPayload,
} from './credential.inputs.ts'
import { Credential } from './credential.type.ts'

@Resolver(() => Credential)
export class CredentialResolver {
  @Query(() => [Credential], { description: 'The active organisation’s own connections, at most one of a kind.' })
  @RequiresScopes('org:admin')
  credentials(@Ctx() { credentials }: WorkflowContext) {
    return credentials.list()
  }

  @Mutation(() => SaveCredentialPayload, {
    description: 'Adds or replaces the connection of that kind; runs use it within seconds.',
  })
  @RequiresScopes('org:admin')
  async saveCredential(
    @Arg('input', () => SaveCredentialInput) input: SaveCredentialInput,
    @Ctx() { credentials }: WorkflowContext,
  ) {
    return { credential: await credentials.save(input) }
  }

  @Mutation(() => DeleteCredentialPayload)
  @RequiresScopes('org:admin')
  async deleteCredential(
    @Arg('input', () => DeleteCredentialInput) { id }: DeleteCredentialInput,
    @Ctx() { credentials }: WorkflowContext,
  ) {
    return { credential: await credentials.remove(id) }
  }

  @Mutation(() => TestCredentialPayload, { description: 'Uses the connection once, for real, and tells what happened.' })
  @RequiresScopes('org:admin')
  testCredential(@Arg('input', () => TestCredentialInput) { id }: TestCredentialInput, @Ctx() { credentials }: WorkflowContext) {
    return credentials.test(id)
  }

  @FieldResolver(() => Actor, { nullable: true })
  savedBy(@Root() { savedByKind, savedById }: Credential) {
    return actorOf(savedByKind, savedById)
  }
}
