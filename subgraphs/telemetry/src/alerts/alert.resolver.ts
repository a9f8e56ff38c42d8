import { Actor, actorOf } from '@signalbox/shared/actor'
import { PageArgs } from '@signalbox/shared/connection'
import { RequiresScopes } from '@signalbox/shared/scopes'
import { Arg, Args, Ctx, FieldResolver, Mutation, Query, Resolver, Root, Subscription } from 'type-graphql'
import type { TelemetryContext } from '../context.ts'
import { Organization } from '../organizations/organization.entity.ts'
import { AcknowledgeAlertInput, AcknowledgeAlertPayload, Alert, AlertConnection, AlertFilter } from './alert.types.ts'

@Resolver(() => Alert)
export class AlertResolver {
  @Query(() => AlertConnection, { description: 'Unusual things in the audit trail, newest first.' })
  @RequiresScopes('audit:read')
  alerts(
    @Arg('filter', () => AlertFilter, { nullable: true }) filter: AlertFilter | undefined,
    @Args(() => PageArgs) { first, after }: PageArgs,
    @Ctx() { alerts }: TelemetryContext,
  ) {
    return alerts.list(filter ?? {}, first ?? null, after ?? null)
  }

  @Mutation(() => AcknowledgeAlertPayload, { description: 'Says that somebody has seen to an alert; the first one counts.' })
  @RequiresScopes('audit:read')
  async acknowledgeAlert(
    @Arg('input', () => AcknowledgeAlertInput) { id }: AcknowledgeAlertInput,
    @Ctx() { alerts }: TelemetryContext,
  ) {
    return { alert: await alerts.acknowledge(id) }
  }

  @Subscription(() => Alert, {
    description: 'Each alert as it is raised, and again when its count has grown or somebody has acknowledged it.',
    subscribe: ({ context }) => (context as TelemetryContext).alerts.follow(),
  })
  @RequiresScopes('audit:read')
  alertRaised(@Root() alert: Alert): Alert {
    return alert
  }

  @FieldResolver(() => Actor, { nullable: true, description: 'Whose doing it was, where the alert is about one account.' })
  actor(@Root() { subject, subjectKind }: Alert) {
    if (subjectKind !== 'ACTOR') return null
    const end = subject.indexOf(':')
    return actorOf(subject.slice(0, end), subject.slice(end + 1))
  }

  @FieldResolver(() => Actor, { nullable: true })
  acknowledgedBy(@Root() { acknowledgedByKind, acknowledgedById }: Alert) {
    return actorOf(acknowledgedByKind, acknowledgedById)
  }

  // Its name is auth's to tell, which may be away.
  @FieldResolver(() => Organization, { nullable: true })
  organization(@Root() { organizationId }: Alert): Organization {
    return { id: organizationId }
  }
}
