import 'reflect-metadata'
import { ServiceClient, SystemActor, User } from '@signalbox/shared/actor'
import { buildSubgraph, type Subgraph } from '@signalbox/shared/federation'
import { AlertResolver } from './alerts/alert.resolver.ts'
import { AuditResolver } from './audit/audit.resolver.ts'
import { BaselineResolver } from './baselines/baseline.resolver.ts'
import type { TelemetryContext } from './context.ts'
import { EngagementResolver } from './engagements/engagement.resolver.ts'
import { HealthResolver } from './health/health.resolver.ts'
import { KpiResolver } from './kpis/kpi.resolver.ts'
import { Organization } from './organizations/organization.entity.ts'
import { OrganizationResolver } from './organizations/organization.resolver.ts'
import { OutcomeResolver } from './outcomes/outcome.resolver.ts'
import { RunResolver } from './runs/run.resolver.ts'
import { Run } from './runs/run.types.ts'
import { Workflow } from './workflows/workflow.entity.ts'
import { WorkflowResolver } from './workflows/workflow.resolver.ts'

/** Telemetry's part of the graph. A reference is only a key: its fields read through the services, under the caller's policies. */
export const buildTelemetrySubgraph = (): Promise<Subgraph> =>
  buildSubgraph<TelemetryContext>({
    resolvers: [
      AlertResolver,
      AuditResolver,
      BaselineResolver,
      EngagementResolver,
      HealthResolver,
      KpiResolver,
      OrganizationResolver,
      OutcomeResolver,
      RunResolver,
      WorkflowResolver,
    ],
    orphanedTypes: [Run, Workflow, Organization, User, ServiceClient, SystemActor],
    references: {
      Run: ({ id }) => ({ id }),
      Workflow: ({ id }) => ({ id }),
      Organization: ({ id }) => ({ id }),
    },
  })
