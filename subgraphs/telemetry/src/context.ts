import type { MikroORM } from '@mikro-orm/postgresql'
import { Audit, type AuditedRequest } from '@signalbox/shared/audit'
import type { Logger } from '@signalbox/shared/logger'
import { requireViewer, type ViewerContext } from '@signalbox/shared/scopes'
import { tenantSession } from '@signalbox/shared/tenancy'
import type { AlertFeed } from './alerts/alert-feed.ts'
import { AlertService } from './alerts/alert.service.ts'
import { AuditService } from './audit/audit.service.ts'
import { BaselineService } from './baselines/baseline.service.ts'
import { EngagementService } from './engagements/engagement.service.ts'
import { HealthService } from './health/health.service.ts'
import type { KpiChanges } from './kpis/kpi-changes.ts'
import { KpiService } from './kpis/kpi.service.ts'
import { OutcomeService } from './outcomes/outcome.service.ts'
import { RunService } from './runs/run.service.ts'

/** What a resolver may call; made once a request. */
export interface TelemetryContext extends ViewerContext {
  alerts: AlertService
  audit: Audit
  auditTrail: AuditService
  baselines: BaselineService
  engagements: EngagementService
  health: HealthService
  kpis: KpiService
  outcomes: OutcomeService
  runs: RunService
}

export interface TelemetryParts {
  /** Connected as `telemetry_app`. */
  orm: MikroORM
  changes: KpiChanges
  alertFeed: AlertFeed
  log: Logger
}

/** The services of one request, bound to its viewer's organisations; without a viewer the policies show nothing. */
export function createContext({ orm, changes, alertFeed, log }: TelemetryParts, request: AuditedRequest): TelemetryContext {
  const { viewer } = request
  const em = orm.em.fork(viewer === null ? {} : { session: tenantSession(viewer.organizationId, viewer.organizationIds) })
  const audit = Audit.of(request)
  const caller = () => requireViewer(viewer)
  return {
    viewer,
    alerts: new AlertService(em, caller, audit, alertFeed, log),
    audit,
    auditTrail: new AuditService(em, caller),
    baselines: new BaselineService(em, caller),
    engagements: new EngagementService(em, caller),
    health: new HealthService(em, caller),
    kpis: new KpiService(em, caller, changes, log),
    outcomes: new OutcomeService(em, caller),
    runs: new RunService(em),
  }
}
