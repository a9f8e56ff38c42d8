import type { ViewerContext } from '@signalbox/shared/scopes'
import type { BaselineService } from './baselines/baseline.service.ts'
import type { EngagementService } from './engagements/engagement.service.ts'
import type { HealthService } from './health/health.service.ts'
import type { KpiService } from './kpis/kpi.service.ts'
import type { OutcomeService } from './outcomes/outcome.service.ts'
import type { RunService } from './runs/run.service.ts'

/** What a resolver may call; made once a request. */
export interface TelemetryContext extends ViewerContext {
  baselines: BaselineService
  engagements: EngagementService
  health: HealthService
  kpis: KpiService
  outcomes: OutcomeService
  runs: RunService
}
