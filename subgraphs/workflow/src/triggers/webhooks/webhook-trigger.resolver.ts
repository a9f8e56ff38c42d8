import { Actor, actorOf } from '@signalbox/shared/actor'
import { PageArgs } from '@signalbox/shared/connection'
import { JSONValue } from '@signalbox/shared/federation'
import { RequiresScopes } from '@signalbox/shared/scopes'
import { Arg, Args, Ctx, FieldResolver, Mutation, Resolver, Root } from 'type-graphql'
import type { WorkflowContext } from '../../context.ts'
import { Run } from '../../runs/run.entity.ts'
import { Workflow } from '../../workflows/workflow.entity.ts'
import { WebhookDelivery, WebhookDeliveryConnection } from './webhook-delivery.entity.ts'
import { WebhookTrigger } from './webhook-trigger.entity.ts'
import {
  CreateWebhookTriggerInput,
  CreateWebhookTriggerPayload,
  DeleteWebhookTriggerInput,
  DeleteWebhookTriggerPayload,
  RedeliverWebhookInput,
  RedeliverWebhookPayload,
  RotateWebhookSecretInput,
  RotateWebhookSecretPayload,
  UpdateWebhookTriggerInput,
  UpdateWebhookTriggerPayload,
} from './webhook-trigger.inputs.ts'

@Resolver(() => WebhookTrigger)
export class WebhookTriggerResolver {
  @Mutation(() => CreateWebhookTriggerPayload)
  @RequiresScopes('wrm:write')
  createWebhookTrigger(
    @Arg('input', () => CreateWebhookTriggerInput) input: CreateWebhookTriggerInput,
    @Ctx() { webhooks }: WorkflowContext,
  ) {
    return webhooks.create(input)
  }

  @Mutation(() => UpdateWebhookTriggerPayload)
  @RequiresScopes('wrm:write')
  async updateWebhookTrigger(
    @Arg('input', () => UpdateWebhookTriggerInput) input: UpdateWebhookTriggerInput,
    @Ctx() { webhooks }: WorkflowContext,
  ) {
    return { trigger: await webhooks.update(input) }
  }

  @Mutation(() => DeleteWebhookTriggerPayload, { description: 'Its address is gone for good; its runs stay.' })
  @RequiresScopes('wrm:write')
  async deleteWebhookTrigger(
    @Arg('input', () => DeleteWebhookTriggerInput) { id }: DeleteWebhookTriggerInput,
    @Ctx() { webhooks }: WorkflowContext,
  ) {
    return { trigger: await webhooks.remove(id) }
  }

  @Mutation(() => RotateWebhookSecretPayload, {
    description: 'A new secret; the former one holds for a while, so that the sender can change.',
  })
  @RequiresScopes('wrm:write')
  rotateWebhookSecret(
    @Arg('input', () => RotateWebhookSecretInput) input: RotateWebhookSecretInput,
    @Ctx() { webhooks }: WorkflowContext,
  ) {
    return webhooks.rotate(input)
  }

  @Mutation(() => RedeliverWebhookPayload, { description: 'Deals with a failed delivery again, by the webhook as it is now.' })
  @RequiresScopes('wrm:write')
  async redeliverWebhook(
    @Arg('input', () => RedeliverWebhookInput) { deliveryId }: RedeliverWebhookInput,
    @Ctx() { webhooks }: WorkflowContext,
  ) {
    return { delivery: await webhooks.redeliver(deliveryId) }
  }

  @FieldResolver(() => WebhookDeliveryConnection, {
    description: 'The latest 100 that were believed and 100 that were not, newest first.',
  })
  deliveries(
    @Root() webhook: WebhookTrigger,
    @Args(() => PageArgs) { first, after }: PageArgs,
    @Ctx() { webhooks }: WorkflowContext,
  ) {
    return webhooks.deliveries(webhook, first ?? null, after ?? null)
  }

  @FieldResolver(() => Run, { nullable: true, description: 'The latest that it started.' })
  lastRun(@Root() { id }: WebhookTrigger, @Ctx() { webhooks }: WorkflowContext) {
    return webhooks.lastRun(id)
  }

  @FieldResolver(() => Workflow)
  workflow(@Root() { workflowId }: WebhookTrigger, @Ctx() { workflows }: WorkflowContext) {
    return workflows.byId(workflowId)
  }

  @FieldResolver(() => Actor, { nullable: true })
  createdBy(@Root() { createdByKind, createdById }: WebhookTrigger) {
    return actorOf(createdByKind, createdById)
  }
}

@Resolver(() => WebhookDelivery)
export class WebhookDeliveryResolver {
  @FieldResolver(() => JSONValue, { nullable: true, description: 'As it was read; null where the sender was not believed.' })
  body(@Root() { request }: WebhookDelivery) {
    return request?.body ?? null
  }

  @FieldResolver(() => Boolean, { description: 'Whether it can be tried again.' })
  canRedeliver(@Root() { request, runId }: WebhookDelivery) {
    return request !== null && runId === null
  }

  @FieldResolver(() => Run, { nullable: true })
  run(@Root() { runId }: WebhookDelivery, @Ctx() { runs }: WorkflowContext) {
    return runId === null ? null : runs.byId(runId)
  }
}
