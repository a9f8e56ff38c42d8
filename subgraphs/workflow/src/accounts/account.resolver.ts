import { Actor, actorOf } from '@signalbox/shared/actor'
import { RequiresScopes } from '@signalbox/shared/scopes'
import { Arg, Ctx, FieldResolver, Mutation, Query, Resolver, Root } from 'type-graphql'
import type { WorkflowContext } from '../context.ts'
import {
  CompleteAccountInput,
  CompleteAccountPayload,
  ConnectAccountInput,
  ConnectAccountPayload,
  DeleteAccountInput,
  DeleteAccountPayload,
  SaveAccountInput,
  SaveAccountPayload,
} from './account.inputs.ts'
import { Account } from './account.type.ts'

@Resolver(() => Account)
export class AccountResolver {
  @Query(() => [Account], { description: 'The active organisation’s accounts at other services, by name.' })
  @RequiresScopes('org:admin')
  accounts(@Ctx() { accounts }: WorkflowContext) {
    return accounts.list()
  }

  @Query(() => String, { description: 'What is registered with an OAuth 2.0 provider as the address to return to.' })
  @RequiresScopes('org:admin')
  accountReturnUrl(@Ctx() { accounts }: WorkflowContext) {
    return accounts.returnUrl
  }

  @Mutation(() => SaveAccountPayload, { description: 'Adds an account, or replaces one as a whole.' })
  @RequiresScopes('org:admin')
  async saveAccount(@Arg('input', () => SaveAccountInput) input: SaveAccountInput, @Ctx() { accounts }: WorkflowContext) {
    return { account: await accounts.save(input) }
  }

  @Mutation(() => DeleteAccountPayload, { description: 'CONFLICT while a tool uses it.' })
  @RequiresScopes('org:admin')
  async deleteAccount(@Arg('input', () => DeleteAccountInput) { id }: DeleteAccountInput, @Ctx() { accounts }: WorkflowContext) {
    return { account: await accounts.remove(id) }
  }

  @Mutation(() => ConnectAccountPayload, { description: 'Begins the authorization of an OAuth 2.0 account at its provider.' })
  @RequiresScopes('org:admin')
  connectAccount(@Arg('input', () => ConnectAccountInput) { id }: ConnectAccountInput, @Ctx() { accounts }: WorkflowContext) {
    return accounts.connect(id)
  }

  @Mutation(() => CompleteAccountPayload, { description: 'Ends it with what the provider returned; once, by who began.' })
  @RequiresScopes('org:admin')
  async completeAccount(
    @Arg('input', () => CompleteAccountInput) input: CompleteAccountInput,
    @Ctx() { accounts }: WorkflowContext,
  ) {
    return { account: await accounts.complete(input) }
  }

  @FieldResolver(() => Actor, { nullable: true })
  savedBy(@Root() { savedByKind, savedById }: Account) {
    return actorOf(savedByKind, savedById)
  }
}
