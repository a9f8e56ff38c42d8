import { RequiresScopes } from '@signalbox/shared/scopes'
import { createUnionType, Ctx, Query, Resolver } from 'type-graphql'
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
}
