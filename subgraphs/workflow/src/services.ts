import type { Audit } from '@signalbox/shared/audit'
import type { Logger } from '@signalbox/shared/logger'
import { AnnotationService } from './annotations/annotation.service.ts'
import type { LiveFeed } from './engine/live-feed.ts'
import { ReviewService } from './reviews/review.service.ts'
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
}

/** The services of one request or subscription. */
export function createServices({ tenant, audit, notifier, feed, log }: ServiceParts) {
  const workflows = new WorkflowService(tenant)
  const runs = new RunService(tenant, workflows, notifier, audit)
  return {
    workflows,
    publishing: new PublishingService(tenant, workflows, audit),
    runs,
    history: new RunHistoryService(tenant),
    signals: new SignalService(tenant, runs, audit),
    reviews: new ReviewService(tenant, runs, workflows, audit),
    annotations: new AnnotationService(tenant, runs),
    subscriptions: new SubscriptionService(tenant, runs, workflows, feed, log),
    schedules: new ScheduleService(tenant, workflows, { notifier }, audit),
    runEvents: new RunEventTriggerService(tenant, workflows, audit),
  }
}
