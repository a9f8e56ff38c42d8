import type { MikroORM } from '@mikro-orm/postgresql'
import { createOrm } from '@signalbox/shared/orm'
import { Annotation } from './annotations/annotation.entity.ts'
import { Artifact } from './artifacts/artifact.entity.ts'
import { DocumentVersion } from './knowledge/document-version.entity.ts'
import { Document } from './knowledge/document.entity.ts'
import { KnowledgeBase } from './knowledge/knowledge-base.entity.ts'
import { Review } from './reviews/review.entity.ts'
import { RunTransition } from './runs/run-transition.entity.ts'
import { Run } from './runs/run.entity.ts'
import { RunEventTrigger } from './triggers/run-events/run-event-trigger.entity.ts'
import { Schedule } from './triggers/schedules/schedule.entity.ts'
import { WebhookDelivery } from './triggers/webhooks/webhook-delivery.entity.ts'
import { WebhookTrigger } from './triggers/webhooks/webhook-trigger.entity.ts'
import { WorkflowDraft } from './workflows/workflow-draft.entity.ts'
import { WorkflowVersion } from './workflows/workflow-version.entity.ts'
import { Workflow } from './workflows/workflow.entity.ts'

/** The ORM over the schema `workflow`. */
export const createWorkflowOrm = (url: string, poolSize?: number): Promise<MikroORM> =>
  createOrm({
    url,
    schema: 'workflow',
    entities: [
      Workflow,
      WorkflowVersion,
      WorkflowDraft,
      Run,
      RunTransition,
      Review,
      Annotation,
      KnowledgeBase,
      Document,
      Artifact,
      Schedule,
      WebhookTrigger,
      WebhookDelivery,
      RunEventTrigger,
      DocumentVersion,
    ],
    ...(poolSize === undefined ? {} : { poolSize }),
  })
