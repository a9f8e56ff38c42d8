import type { Audit } from '@signalbox/shared/audit'
import type { Logger } from '@signalbox/shared/logger'
import type { Revocations } from '@signalbox/shared/revocations'
import { AnnotationService } from './annotations/annotation.service.ts'
import { BulkService } from './bulk/bulk.service.ts'
import { DeadLetterService } from './dead-letters/dead-letter.service.ts'
import type { LiveFeed } from './engine/live-feed.ts'
import { RunLimitService } from './limits/run-limit.service.ts'
import { ReviewService } from './reviews/review.service.ts'
import { RunControlService } from './runs/run-control.service.ts'
import { ReviewTrailService } from './reviews/review-trail.service.ts'
import { RunHistoryService } from './runs/run-history.service.ts'
import type { RunNotifier } from './runs/run-notifier.ts'
import { RunService } from './runs/run.service.ts'
import { SignalService } from './runs/signal.service.ts'
import { SubscriptionService } from './runs/subscription.service.ts'
import type { Tenant } from './tenant.ts'
import { PublishingService } from './workflows/publishing.service.ts'
import { RunEventTriggerService } from './triggers/run-events/run-event-trigger.service.ts'
import { ScheduleService } from './triggers/schedules/schedule.service.ts'
import { WorkflowService } from './workflows/workflow.service.ts'

export interface ServiceParts {
  tenant: Tenant
  audit: Audit
  notifier: RunNotifier
  feed: LiveFeed
  log: Logger
  /** What ends tokens before their time; absent: nothing does. */
  revocations?: Pick<Revocations, 'isRevoked'> | undefined
}

/** The services of one request or subscription. */
export function createServices({ tenant, audit, notifier, feed, log, revocations }: ServiceParts) {
  const workflows = new WorkflowService(tenant)
  const runs = new RunService(tenant, workflows, notifier, audit)
  const bulk = new BulkService(tenant, runs, audit)
  return {
    workflows,
    publishing: new PublishingService(tenant, workflows, audit),
    runs,
    control: new RunControlService(tenant, runs, workflows, notifier),
    bulk,
    failures: new DeadLetterService(tenant, bulk, audit),
    limits: new RunLimitService(tenant, notifier, audit),
    history: new RunHistoryService(tenant),
    signals: new SignalService(tenant, runs, audit),
    reviews: new ReviewService({ tenant, runs, workflows, audit, revocations, log }),
    reviewTrail: new ReviewTrailService(tenant),
    annotations: new AnnotationService(tenant, runs),
    subscriptions: new SubscriptionService(tenant, runs, workflows, feed, log),
    schedules: new ScheduleService(tenant, workflows, { notifier }, audit),
    runEvents: new RunEventTriggerService(tenant, workflows, audit),
  }
}
