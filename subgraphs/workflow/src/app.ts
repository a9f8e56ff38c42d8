import pg from 'pg'
import { actorRef } from '@signalbox/shared/actor'
import { Audit } from '@signalbox/shared/audit'
import { createLogger, type Logger } from '@signalbox/shared/logger'
import { openRevocations } from '@signalbox/shared/revocation-feed'
import { identityOf } from '@signalbox/shared/service-identity'
import { createServer, type RequestInfo } from '@signalbox/shared/server'
import { createTokenVerifier, type Viewer } from '@signalbox/shared/viewer'
import { AccountService } from './accounts/account.service.ts'
import { registerArtifactRoutes } from './artifacts/artifact.routes.ts'
import { ArtifactService } from './artifacts/artifact.service.ts'
import { openToolbox } from './connectors/open-toolbox.ts'
import { ResumeLinks } from './connectors/resume-links.ts'
import { registerResumeRoute } from './connectors/resume.routes.ts'
import { ToolCallService } from './connectors/tool-call.service.ts'
import { ToolService } from './connectors/tool.service.ts'
import type { WorkflowContext } from './context.ts'
import { CredentialService } from './credentials/credential.service.ts'
import { LiveFeed } from './engine/live-feed.ts'
import { Listener } from './engine/listener.ts'
import type { ApiEnv } from './env.ts'
import { registerKnowledgeRoutes } from './knowledge/knowledge.routes.ts'
import { KnowledgeService } from './knowledge/knowledge.service.ts'
import { checkSchema, openParts, type Parts } from './parts.ts'
import { ReviewSecretService } from './reviews/review-secret.service.ts'
import { RUNS_CHANNEL, RunNotifier } from './runs/run-notifier.ts'
import { buildWorkflowSubgraph } from './schema.ts'
import { createServices, type ServiceParts } from './services.ts'
import { Tenant } from './tenant.ts'
import { WebhookIntake } from './triggers/webhooks/webhook-intake.ts'
import { WebhookTriggerService, type WebhookServiceParts } from './triggers/webhooks/webhook-trigger.service.ts'
import { registerWebhookRoutes } from './triggers/webhooks/webhook.routes.ts'

/** The API of the subgraph: GraphQL over HTTP and WebSocket, and the artifacts. Runs are executed by `startWorker`. */
export async function startApp(
  env: ApiEnv,
  log: Logger = createLogger('workflow', env.LOG_LEVEL),
): Promise<AsyncDisposable & { address: string }> {
  const identity = identityOf('workflow', env)
  await checkSchema(env, log)
  const parts = await openParts(env, env.DATABASE_POOL_SIZE, log)
  const pool = new pg.Pool({ connectionString: env.DATABASE_URL, max: 3, connectionTimeoutMillis: 3_000, keepAlive: true })
  pool.on('error', (error) => log.warn({ err: error }, 'a database connection was lost'))
  const notifier = new RunNotifier(pool, log)
  const feed = new LiveFeed({ pool, log })
  const channels = { [RUNS_CHANNEL]: (payload: string) => feed.notified(payload) }
  const listener = new Listener({ url: env.DATABASE_URL, log, channels, onConnected: () => feed.wake() })

  const revocations = openRevocations(env, identity, log)
  const verifyToken = createTokenVerifier({
    jwksUrl: env.JWKS_URL,
    issuer: env.ISSUER,
    audience: env.AUDIENCE,
    identity,
    revocations,
  })
  const artifactsOf = (viewer: Viewer | null) => new ArtifactService(new Tenant(parts.orm, viewer), parts.store)
  const outside = openOutside(env, parts, notifier, log)
  const server = await createServer<WorkflowContext & Record<string, unknown>>({
    subgraph: await buildWorkflowSubgraph(),
    log,
    identity,
    revocations,
    verifyToken,
    createContext: ((request: RequestInfo) => contextOf(request, parts, outside, { notifier, feed, log, revocations })) as never,
    checks: {
      database: () => pool.query('select from workflow.migrations limit 1'),
      knowledge: () => parts.index.ready(),
      objects: () => parts.store.ready(),
    },
    routes: async (app) => {
      await registerArtifactRoutes(app, {
        verifyToken,
        artifactsOf,
        log,
        more: (scope) => registerKnowledgeRoutes(scope, { verifyToken, ...parts }),
      })
      await registerWebhookRoutes(app, outside.hooks.intake, log)
      await registerResumeRoute(app, { orm: parts.orm, links: outside.links })
    },
    // A batch of documents or of runs.
    bodyLimit: 8 * 1024 * 1024,
  })
  const address = await server.listen({ host: env.HOST, port: env.PORT })
  return {
    address,
    async [Symbol.asyncDispose]() {
      feed[Symbol.dispose]()
      await revocations?.[Symbol.asyncDispose]()
      await server.close()
      await listener[Symbol.asyncDispose]()
      await notifier.flush()
      await Promise.all([pool.end(), parts[Symbol.asyncDispose]()])
    },
  }
}

/** What tools, accounts and webhooks need, once a process. */
function openOutside({ PUBLIC_URL: publicUrl }: ApiEnv, parts: Parts, notifier: RunNotifier, log: Logger) {
  const { envelope } = parts.connections
  const hooks: WebhookServiceParts = {
    intake: new WebhookIntake({ orm: parts.orm, notifier, log, envelope }),
    envelope,
    publicUrl,
  }
  return { toolbox: openToolbox(parts, publicUrl, log), links: new ResumeLinks(envelope, publicUrl), hooks, publicUrl }
}

function contextOf(
  request: RequestInfo,
  parts: Parts,
  { toolbox, hooks, publicUrl }: ReturnType<typeof openOutside>,
  more: Omit<ServiceParts, 'tenant' | 'audit'>,
): WorkflowContext {
  const { viewer } = request
  const audit = Audit.of(request)
  const tenant = new Tenant(parts.orm, viewer)
  const services = createServices({ tenant, audit, ...more })
  return {
    viewer,
    audit,
    ...services,
    knowledge: new KnowledgeService(tenant, parts.index, parts.embedder, {
      author: viewer && actorRef(viewer),
      audit,
      egress: parts.connections.egress,
    }),
    artifacts: new ArtifactService(tenant, parts.store),
    reviewSecrets: new ReviewSecretService(tenant, parts.connections.envelope, audit),
    credentials: new CredentialService(tenant, parts.connections, audit),
    accounts: new AccountService(tenant, parts.connections, audit, publicUrl),
    tools: new ToolService(tenant, toolbox, parts.connections.policy, audit),
    toolCalls: new ToolCallService(tenant),
    webhooks: new WebhookTriggerService(tenant, services.workflows, hooks, audit),
  }
}
