import { createLogger, type Logger } from '@signalbox/shared/logger'
import { createOrm } from '@signalbox/shared/orm'
import { openRevocations } from '@signalbox/shared/revocation-feed'
import { identityOf } from '@signalbox/shared/service-identity'
import { createServer } from '@signalbox/shared/server'
import { createTokenVerifier } from '@signalbox/shared/viewer'
import { AlertFeed } from './alerts/alert-feed.ts'
import { wordsOf } from './alerts/alert-words.ts'
import { Metrics, metricsRoute } from './alerts/metrics.ts'
import type { AlertChange } from './alerts/raise-alerts.ts'
import { auditIntake } from './audit/intake.routes.ts'
import { createContext, type TelemetryContext } from './context.ts'
import type { TelemetryEnv } from './env.ts'
import { DatabaseListener } from './ingestion/database-listener.ts'
import { EventConsumer } from './ingestion/event-consumer.ts'
import { KpiChanges } from './kpis/kpi-changes.ts'
import { pendingTelemetryMigrations } from './migrations.ts'
import { buildTelemetrySubgraph } from './schema.ts'

/** Builds and starts the telemetry service. A database that is down is said in `/ready` and used as soon as it is back. */
export async function startApp(env: TelemetryEnv): Promise<AsyncDisposable & { address: string }> {
  const log = createLogger('telemetry', env.LOG_LEVEL)
  const schemaIsCurrent = schemaCheck(env.DATABASE_URL)
  await schemaIsCurrent().catch((error: unknown) => continueUnlessPending(error, log))
  const parts = new AsyncDisposableStack()
  try {
    const address = await startParts(env, log, schemaIsCurrent, parts)
    return { address, [Symbol.asyncDispose]: () => parts.disposeAsync() }
  } catch (error) {
    await parts.disposeAsync()
    throw error
  }
}

/** Starts part after part; each is put on the stack, so that they stop the other way round. */
async function startParts(env: TelemetryEnv, log: Logger, schemaIsCurrent: () => Promise<void>, parts: AsyncDisposableStack) {
  const openOrm = async (url: string, poolSize: number | undefined) => {
    const orm = await createOrm({ url, schema: 'telemetry', entities: [], poolSize })
    parts.defer(() => orm.close())
    return orm
  }
  const identity = identityOf('telemetry', env)
  const revocations = openRevocations(env, identity, log)
  if (revocations) parts.use(revocations)
  const orm = await openOrm(env.DATABASE_URL, env.DATABASE_POOL_SIZE)
  const changes = new KpiChanges()
  const alertFeed = new AlertFeed()
  const metrics = new Metrics()
  const onApplied = (events: number, alerts: AlertChange[]) => {
    metrics.applied(events, alerts)
    for (const alert of alerts) if (alert.raised) logAlert(log, alert)
  }
  const consumer = parts.use(new EventConsumer({ orm: await openOrm(env.CONSUMER_DATABASE_URL, 2), log, onApplied }))
  const listener = parts.use(listenFor(env.DATABASE_URL, { consumer, changes, alertFeed, log }))
  const app = await createServer<TelemetryContext>({
    subgraph: await buildTelemetrySubgraph(),
    log,
    identity,
    revocations,
    verifyToken: createTokenVerifier({
      jwksUrl: env.JWKS_URL,
      issuer: env.ISSUER,
      audience: env.AUDIENCE,
      identity,
      revocations,
    }),
    createContext: (request) => createContext({ orm, changes, alertFeed, log }, request),
    checks: {
      database: async () => {
        await schemaIsCurrent()
        await orm.em.fork().execute('select 1')
      },
      events: () => consumer.check(),
    },
    bodyLimit: 256 * 1024,
    routes: (server) => {
      metricsRoute(metrics)(server)
      auditIntake(orm, identity.trustedCallers !== null)(server)
    },
  })
  parts.defer(() => app.close())
  const address = await app.listen({ host: env.HOST, port: env.PORT })
  consumer.start()
  listener.start()
  return address
}

const logAlert = (log: Logger, { rule: alert, severity, id: alertId, organizationId, count }: AlertChange) =>
  log.warn({ alert, severity, alertId, organizationId, count }, wordsOf({ rule: alert, count, source: null }).title)

interface Followers {
  consumer: EventConsumer
  changes: KpiChanges
  alertFeed: AlertFeed
  log: Logger
}

function listenFor(url: string, { consumer, changes, alertFeed, log }: Followers) {
  return new DatabaseListener({
    url,
    log,
    channels: {
      events: () => consumer.wake(),
      telemetry_changed: (organizationId) => changes.publish(organizationId),
      telemetry_alerts: (payload) => alertFeed.publish(payload),
    },
    onConnected: () => {
      consumer.wake()
      changes.publish(null)
      alertFeed.publish(null)
    },
  })
}

class PendingMigrationsError extends Error {
  override name = 'PendingMigrationsError'
}

/** Asks until the answer was once that nothing is pending. */
function schemaCheck(url: string): () => Promise<void> {
  let current = false
  return async () => {
    if (current) return
    const pending = await pendingTelemetryMigrations(url)
    if (pending.length > 0) throw new PendingMigrationsError(`the telemetry schema lacks migrations: ${pending.join(', ')}`)
    current = true
  }
}

function continueUnlessPending(error: unknown, log: Logger) {
  if (error instanceof PendingMigrationsError) throw error
  log.warn({ err: error }, 'the database cannot be reached; starting without it')
}
