import type { Audit } from '@signalbox/shared/audit'
import type { Logger } from '@signalbox/shared/logger'
import type { Revocations } from '@signalbox/shared/revocations'
import { AnnotationService } from './annotations/annotation.service.ts'
import type { LiveFeed } from './engine/live-feed.ts'
import { ReviewService } from './reviews/review.service.ts'
import { ReviewTrailService } from './reviews/review-trail.service.ts'
import { RunHistoryService } from './runs/run-history.service.ts'
import type { RunNotifier } from './runs/run-notifier.ts'
import { RunService } from './runs/run.service.ts'
import { SubscriptionService } from './runs/subscription.service.ts'
import type { Tenant } from './tenant.ts'
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
  return {
    workflows,
    runs,
    history: new RunHistoryService(tenant),
    reviews: new ReviewService({ tenant, runs, workflows, audit, revocations, log }),
    reviewTrail: new ReviewTrailService(tenant),
    annotations: new AnnotationService(tenant, runs),
    subscriptions: new SubscriptionService(tenant, runs, workflows, feed, log),
  }
}
