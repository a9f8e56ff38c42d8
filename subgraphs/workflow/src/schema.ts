import 'reflect-metadata'
import { ForbiddenError } from '@signalbox/shared/errors'
import { buildSubgraph, type Subgraph } from '@signalbox/shared/federation'
import { requireViewer } from '@signalbox/shared/scopes'
import { ServiceClient, SystemActor, User } from '@signalbox/shared/actor'
import { Organization } from './organizations/organization.entity.ts'
import { AnnotationResolver } from './annotations/annotation.resolver.ts'
import { ArtifactResolver } from './artifacts/artifact.resolver.ts'
import type { WorkflowContext } from './context.ts'
import { CredentialResolver } from './credentials/credential.resolver.ts'
import { DocumentResolver, DocumentVersionResolver } from './knowledge/document.resolver.ts'
import { KnowledgeResolver } from './knowledge/knowledge.resolver.ts'
import { ReviewResolver } from './reviews/review.resolver.ts'
import { ReviewSubscriptions } from './reviews/review.subscriptions.ts'
import { RunResolver, RunTransitionResolver } from './runs/run.resolver.ts'
import { RunSubscriptions } from './runs/run.subscriptions.ts'
import { AgentResolver, WorkflowResolver, WorkflowVersionResolver } from './workflows/workflow.resolver.ts'

/** The workflow subgraph; needs no environment and no database. */
export const buildWorkflowSubgraph = (): Promise<Subgraph> =>
  buildSubgraph<WorkflowContext>({
    resolvers: [
      WorkflowResolver,
      WorkflowVersionResolver,
      AgentResolver,
      RunResolver,
      RunTransitionResolver,
      RunSubscriptions,
      ReviewResolver,
      ReviewSubscriptions,
      AnnotationResolver,
      KnowledgeResolver,
      DocumentResolver,
      DocumentVersionResolver,
      ArtifactResolver,
      CredentialResolver,
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
