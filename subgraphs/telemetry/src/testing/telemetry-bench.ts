import type { AuditRecord } from '@signalbox/shared/audit'
import { createLogger } from '@signalbox/shared/logger'
import type { EventPayloads, EventType, RunAdvanced, RunAdvancedTransition } from '@signalbox/shared/events/events'
import { migrateEvents } from '@signalbox/shared/events/migrate'
import { createOrm } from '@signalbox/shared/orm'
import { SCOPES } from '@signalbox/shared/scopes'
import { createTestDatabase } from '@signalbox/shared/testing/database'
import type { Viewer } from '@signalbox/shared/viewer'
import { graphql } from 'graphql'
import { randomUUID } from 'node:crypto'
import pg from 'pg'
import { AlertFeed } from '../alerts/alert-feed.ts'
import type { AlertChange } from '../alerts/raise-alerts.ts'
import { createContext } from '../context.ts'
import { EventConsumer } from '../ingestion/event-consumer.ts'
import { KpiChanges } from '../kpis/kpi-changes.ts'
import { migrateTelemetry } from '../migrations.ts'
import { buildTelemetrySubgraph } from '../schema.ts'

export const HOUR = 3_600_000
export const MINUTE = 60_000

export type TelemetryBench = Awaited<ReturnType<typeof openBench>>

/** A fresh database with the event log and telemetry over it, an emitter that stands for the other subgraphs, and callers. */
export async function openBench() {
  const database = await createTestDatabase(
    'telemetry',
    (url) => migrateEvents(url('events_owner')),
    (url) => migrateTelemetry(url('telemetry_owner')),
  )
  const orm = await createOrm({ url: database.url('telemetry_app'), schema: 'telemetry', entities: [] })
  const consumerOrm = await createOrm({ url: database.url('telemetry_consumer'), schema: 'telemetry', entities: [], poolSize: 4 })
  const superuser = new pg.Client({ connectionString: database.superuserUrl })
  const emitter = new pg.Client({ connectionString: database.url('workflow_app') })
  await Promise.all([superuser.connect(), emitter.connect()])
  const log = createLogger('telemetry-test', 'silent')
  const changes = new KpiChanges()
  const alertFeed = new AlertFeed()
  const alerts: AlertChange[] = []
  const consumer = new EventConsumer({ orm: consumerOrm, log, onApplied: (_events, changed) => void alerts.push(...changed) })
  const { schema } = await buildTelemetrySubgraph()
  const contextOf = (viewer: Viewer | null) =>
    createContext({ orm, changes, alertFeed, log }, { viewer, requestId: 'test-request', headers: {} })

  return {
    database,
    orm,
    consumerOrm,
    superuser,
    log,
    changes,
    alertFeed,
    /** What batches have raised or made grow so far. */
    alerts,
    consumer,
    schema,
    contextOf,
    /** Appends an event as its owner would. */
    async emit<T extends EventType>(organizationId: string, type: T, payload: EventPayloads[T]) {
      await emitter.query("select set_config('app.organization', $1, false)", [organizationId])
      await emitter.query('select events.append($1, $2, $3)', [organizationId, type, payload])
    },
    /** Records an entry of the audit trail as auth or workflow would; null: the platform's own. */
    async record(organizationId: string | null, entry: Partial<AuditRecord> & Pick<AuditRecord, 'action'>) {
      await emitter.query('select events.audit($1, $2)', [organizationId, auditRecord(entry)])
    },
    /** One operation against the subgraph; its data and the codes of its errors. */
    async ask<D = Record<string, unknown>>(viewer: Viewer | null, source: string, variableValues: Record<string, unknown> = {}) {
      const result = await graphql({ schema, source, variableValues, contextValue: contextOf(viewer) })
      return {
        data: result.data as D | null | undefined,
        errors: result.errors ?? [],
        code: result.errors?.[0]?.extensions['code'],
      }
    },
    async close() {
      await Promise.all([orm.close(), consumerOrm.close(), superuser.end(), emitter.end()])
      await database.drop()
    },
  }
}

export const auditRecord = (entry: Partial<AuditRecord> & Pick<AuditRecord, 'action'>): AuditRecord => ({
  outcome: 'ALLOWED',
  actor: null,
  scopes: [],
  requestId: 'request-1',
  operation: 'Test',
  source: '203.0.113.0/24',
  ...entry,
})

export function viewerOf(
  organizationId: string,
  readable: string[] = [organizationId],
  scopes: readonly string[] = SCOPES,
): Viewer {
  return {
    actorId: randomUUID(),
    actorKind: 'USER',
    organizationId,
    organizationIds: readable,
    role: 'CLIENT_OWNER',
    scopes: new Set(scopes),
    sessionId: randomUUID(),
    expiresAt: Date.now() / 1000 + 300,
    token: 'none',
  }
}

/** A transition: `[kind, status, milliseconds after the run was queued]`, and what else it says. */
export type Step = [kind: string, status: string, afterMs: number, more?: Partial<RunAdvancedTransition>]

export interface RunStory extends Partial<Omit<RunAdvanced, 'queuedAt' | 'transitions'>> {
  queuedAt: Date
  steps: Step[]
  /** The number of the first of the steps. Default 1. */
  fromSeq?: number
}

/** The event of a run that goes through the given steps; a run is its own case unless the story names one. */
export function runAdvanced({ queuedAt, steps, fromSeq = 1, ...more }: RunStory): RunAdvanced {
  const runId = more.runId ?? randomUUID()
  return {
    runId,
    caseId: runId,
    workflowId: WORKFLOW_ID,
    workflowSlug: 'support-triage',
    versionId: '0190a000-0000-7000-8000-00000000f002',
    trigger: 'API',
    production: true,
    ...more,
    queuedAt: queuedAt.toISOString(),
    transitions: steps.map(([kind, status, afterMs, rest], index) => ({
      seq: fromSeq + index,
      at: new Date(queuedAt.getTime() + afterMs).toISOString(),
      kind,
      status,
      node: null,
      attempt: null,
      durationMs: null,
      failureCode: null,
      usage: null,
      automated: null,
      ...rest,
    })),
  }
}

export const WORKFLOW_ID = '0190a000-0000-7000-8000-00000000f001'

/** Queued, started after a minute, succeeded after the given time. */
export const succeedsAfter = (ms: number): Step[] => [
  ['QUEUED', 'QUEUED', 0],
  ['STARTED', 'RUNNING', Math.min(MINUTE, ms / 2)],
  ['SUCCEEDED', 'SUCCEEDED', ms, { automated: true }],
]
