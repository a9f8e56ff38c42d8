import { Actor, actorOf, User } from '@signalbox/shared/actor'
import { PageArgs } from '@signalbox/shared/connection'
import { RequiresScopes } from '@signalbox/shared/scopes'
import { Arg, Args, Ctx, FieldResolver, ID, Query, Resolver, Root } from 'type-graphql'
import type { TelemetryContext } from '../context.ts'
import { Organization } from '../organizations/organization.entity.ts'
import { personOf } from './audit.service.ts'
import { AuditEvent, AuditEventConnection, AuditFilter, AuditIntegrity, AuditOrder } from './audit.types.ts'

@Resolver(() => AuditEvent)
export class AuditResolver {
  @Query(() => AuditEventConnection, { description: 'Who did what, who was refused what, and when.' })
  @RequiresScopes('audit:read')
  auditEvents(
    @Arg('filter', () => AuditFilter, { nullable: true }) filter: AuditFilter | undefined,
    @Arg('orderBy', () => AuditOrder, { defaultValue: AuditOrder.NEWEST_FIRST }) order: AuditOrder,
    @Args(() => PageArgs) { first, after }: PageArgs,
    @Ctx() { auditTrail }: TelemetryContext,
  ) {
    return auditTrail.list({ filter: filter ?? {}, order, first: first ?? null, after: after ?? null })
  }

  @Query(() => AuditIntegrity, { description: "Computes an organisation's chain again, by default the active one's." })
  @RequiresScopes('audit:read')
  auditIntegrity(
    @Arg('organization', () => ID, { nullable: true }) organization: string | undefined,
    @Ctx() { auditTrail }: TelemetryContext,
  ) {
    return auditTrail.verify(organization ?? null)
  }

  @FieldResolver(() => Actor, { nullable: true, description: 'Null: nobody was signed in.' })
  actor(@Root() { actor }: AuditEvent) {
    return actorOf(actor?.kind ?? null, actor?.id ?? null)
  }

  @FieldResolver(() => User, { nullable: true, description: 'The person whom it was done to.' })
  person(@Root() event: AuditEvent) {
    const id = personOf(event)
    return id === null ? null : Object.assign(new User(), { id })
  }

  // Its name is auth's to tell, which may be away.
  @FieldResolver(() => Organization, { nullable: true })
  organization(@Root() { organizationId }: AuditEvent): Organization {
    return { id: organizationId }
  }
}
