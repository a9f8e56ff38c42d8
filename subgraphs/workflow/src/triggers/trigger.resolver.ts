import { RequiresScopes } from '@signalbox/shared/scopes'
import { NotFoundError } from '@signalbox/shared/errors'
import { Arg, createUnionType, Ctx, ID, Query, Resolver } from 'type-graphql'
import type { WorkflowContext } from '../context.ts'
import { RunEventTrigger } from './run-events/run-event-trigger.entity.ts'
import { WebhookTrigger } from './webhooks/webhook-trigger.entity.ts'

const Trigger = createUnionType({
  name: 'Trigger',
  description: 'What starts runs when something happens.',
  types: () => [WebhookTrigger, RunEventTrigger] as const,
  resolveType: (value) => (value instanceof WebhookTrigger ? 'WebhookTrigger' : 'RunEventTrigger'),
})

@Resolver()
export class TriggerResolver {
  @Query(() => [Trigger], {
    description: 'The active organisation’s webhooks and then its run event triggers, oldest first; at most 200 of each.',
  })
  @RequiresScopes('wrm:read')
  async triggers(@Ctx() { webhooks, runEvents }: WorkflowContext) {
    return [...(await webhooks.list()), ...(await runEvents.list())]
  }

  @Query(() => Trigger, { nullable: true, description: 'Of the active organisation or, for an agency, of a client.' })
  @RequiresScopes('wrm:read')
  async trigger(@Arg('id', () => ID) id: string, @Ctx() { webhooks, runEvents }: WorkflowContext) {
    const found = (await webhooks.find(id)) ?? (await runEvents.find(id))
    if (found === undefined) throw new NotFoundError('trigger')
    return found
  }
}
