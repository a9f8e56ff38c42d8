import 'reflect-metadata'
import { ForbiddenError } from '@signalbox/shared/errors'
import { buildSubgraph, type Subgraph } from '@signalbox/shared/federation'
import { requireViewer } from '@signalbox/shared/scopes'
import { ServiceClient, SystemActor, User } from '@signalbox/shared/actor'
import { Organization } from './organizations/organization.entity.ts'
import { AccountResolver } from './accounts/account.resolver.ts'
import { AnnotationResolver } from './annotations/annotation.resolver.ts'
import { ArtifactResolver } from './artifacts/artifact.resolver.ts'
import { RunToolCallResolver } from './connectors/tool-call.resolver.ts'
import { ToolResolver } from './connectors/tool.resolver.ts'
import { BulkResolver, WorkflowRunCountResolver } from './bulk/bulk.resolver.ts'
import type { WorkflowContext } from './context.ts'
import { CredentialResolver } from './credentials/credential.resolver.ts'
import { DeadLetterResolver } from './dead-letters/dead-letter.resolver.ts'
import { DocumentResolver, DocumentVersionResolver } from './knowledge/document.resolver.ts'
import { KnowledgeResolver } from './knowledge/knowledge.resolver.ts'
import { RunLimitResolver } from './limits/run-limit.resolver.ts'
import { ReviewResolver } from './reviews/review.resolver.ts'
import { ReviewMutationsResolver } from './reviews/review-mutations.resolver.ts'
import { ReviewSubscriptions } from './reviews/review.subscriptions.ts'
import { RunControlResolver } from './runs/run-control.resolver.ts'
import { RunResolver, RunTransitionResolver } from './runs/run.resolver.ts'
import { SignalResolver } from './runs/signal.resolver.ts'
import { RunSubscriptions } from './runs/run.subscriptions.ts'
import { PublishingResolver } from './workflows/publishing.resolver.ts'
import { RunEventFiringResolver, RunEventTriggerResolver } from './triggers/run-events/run-event-trigger.resolver.ts'
import { ScheduleResolver } from './triggers/schedules/schedule.resolver.ts'
import { TriggerResolver } from './triggers/trigger.resolver.ts'
import { WebhookDeliveryResolver, WebhookTriggerResolver } from './triggers/webhooks/webhook-trigger.resolver.ts'
import { AgentResolver, WorkflowResolver, WorkflowVersionResolver } from './workflows/workflow.resolver.ts'

/** The workflow subgraph; needs no environment and no database. */
export const buildWorkflowSubgraph = (): Promise<Subgraph> =>
  buildSubgraph<WorkflowContext>({
    resolvers: [
      WorkflowResolver,
      WorkflowVersionResolver,
      AgentResolver,
      PublishingResolver,
      RunResolver,
      RunControlResolver,
      BulkResolver,
      WorkflowRunCountResolver,
      DeadLetterResolver,
      RunLimitResolver,
      RunTransitionResolver,
      SignalResolver,
      RunSubscriptions,
      ReviewResolver,
      ReviewMutationsResolver,
      ReviewSubscriptions,
      AnnotationResolver,
      KnowledgeResolver,
      DocumentResolver,
      DocumentVersionResolver,
      ArtifactResolver,
      CredentialResolver,
      ScheduleResolver,
      TriggerResolver,
      WebhookTriggerResolver,
      WebhookDeliveryResolver,
      RunEventTriggerResolver,
      RunEventFiringResolver,
      AccountResolver,
      ToolResolver,
      RunToolCallResolver,
    ],
    orphanedTypes: [User, ServiceClient, SystemActor, Organization],
    references: {
      Workflow: ({ id }, context) => reading(context).workflows.byId(String(id)),
      Run: ({ id }, context) => reading(context).runs.byId(String(id)),
      Review: ({ id }, context) => reading(context).reviews.byId(String(id)),
    },
  })

/** A reference is a way in like any other: it wants the same right as the root fields. */
function reading(context: WorkflowContext): WorkflowContext {
  if (!requireViewer(context.viewer).scopes.has('wrm:read')) throw new ForbiddenError('This needs the scope wrm:read.')
  return context
}
