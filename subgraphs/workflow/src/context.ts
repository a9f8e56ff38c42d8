import type { Audit } from '@signalbox/shared/audit'
import type { ViewerContext } from '@signalbox/shared/scopes'
import type { AccountService } from './accounts/account.service.ts'
import type { AnnotationService } from './annotations/annotation.service.ts'
import type { ArtifactService } from './artifacts/artifact.service.ts'
import type { ToolCallService } from './connectors/tool-call.service.ts'
import type { ToolService } from './connectors/tool.service.ts'
import type { CredentialService } from './credentials/credential.service.ts'
import type { KnowledgeService } from './knowledge/knowledge.service.ts'
import type { ReviewService } from './reviews/review.service.ts'
import type { RunHistoryService } from './runs/run-history.service.ts'
import type { RunService } from './runs/run.service.ts'
import type { SignalService } from './runs/signal.service.ts'
import type { SubscriptionService } from './runs/subscription.service.ts'
import type { PublishingService } from './workflows/publishing.service.ts'
import type { RunEventTriggerService } from './triggers/run-events/run-event-trigger.service.ts'
import type { ScheduleService } from './triggers/schedules/schedule.service.ts'
import type { WebhookTriggerService } from './triggers/webhooks/webhook-trigger.service.ts'
import type { WorkflowService } from './workflows/workflow.service.ts'

/** What the resolvers of one request or subscription call. */
export interface WorkflowContext extends ViewerContext {
  audit: Audit
  workflows: WorkflowService
  publishing: PublishingService
  runs: RunService
  history: RunHistoryService
  signals: SignalService
  reviews: ReviewService
  annotations: AnnotationService
  knowledge: KnowledgeService
  artifacts: ArtifactService
  credentials: CredentialService
  accounts: AccountService
  tools: ToolService
  toolCalls: ToolCallService
  subscriptions: SubscriptionService
  schedules: ScheduleService
  runEvents: RunEventTriggerService
  webhooks: WebhookTriggerService
}
