import { createEgress, type Egress } from '@signalbox/shared/egress'
import { parseOrigins } from '@signalbox/shared/egress/policy'
import { createLogger, type Logger } from '@signalbox/shared/logger'
import { ArtifactService } from './artifacts/artifact.service.ts'
import { Clock } from './clock.ts'
import { callN8nWebhook, type N8nWebhookCall } from './connectors/n8n-webhook.ts'
import { OrganizationTools } from './credentials/organization-tools.ts'
import { startEngine } from './engine/engine.ts'
import type { EngineTools, ToolsOf } from './engine/session.ts'
import type { WorkerEnv } from './env.ts'
import { indexingTask } from './knowledge/indexing.task.ts'
import { KnowledgeService } from './knowledge/knowledge.service.ts'
import { checkSchema, openParts, type Parts } from './parts.ts'
import { createReasoningModel } from './reasoning/create-reasoning-model.ts'
import { managersOf } from './tenant.ts'

/** How long a worker goes by what it knows of a knowledge base: its calibration changes seldom. */
const BASE_TTL_MS = 5_000

/** A process that executes runs, of all organisations. */
export async function startWorker(
  env: WorkerEnv,
  log: Logger = createLogger('workflow-worker', env.LOG_LEVEL),
): Promise<AsyncDisposable> {
  await checkSchema(env, log)
  const parts = await openParts(env, 4, log)
  const egress = operatorEgress(env)
  const engine = startEngine({
    databaseUrl: env.DATABASE_URL,
    tools: toolsOf(env, parts, egress, log),
    log,
    concurrency: env.WORKER_CONCURRENCY,
    leaseMs: env.LEASE_MS,
    pollMs: env.WORKER_POLL_MS,
    drainMs: env.DRAIN_MS,
  })
  const stopping = new AbortController()
  const clock = new Clock([indexingTask({ ...parts, log, signal: stopping.signal })], log)
  return {
    async [Symbol.asyncDispose]() {
      stopping.abort()
      await clock[Symbol.asyncDispose]()
      await engine[Symbol.asyncDispose]()
      await Promise.all([parts[Symbol.asyncDispose](), egress[Symbol.asyncDispose]()])
    },
  }
}

/** What the operator configured is reached as it is, in a private network too. */
function operatorEgress({ OPENAI_BASE_URL, N8N_WEBHOOK_URL, EGRESS_ALLOW }: WorkerEnv): Egress {
  const configured = [OPENAI_BASE_URL, N8N_WEBHOOK_URL].flatMap((url) => (url === undefined ? [] : [new URL(url).origin]))
  return createEgress({ trustedOrigins: [...configured, ...parseOrigins(EGRESS_ALLOW)] })
}

function toolsOf(env: WorkerEnv, parts: Parts, egress: Egress, log: Logger): ToolsOf {
  const url = env.N8N_WEBHOOK_URL
  const operator = {
    model: createReasoningModel(env, egress),
    callN8n: url === undefined ? null : (call: N8nWebhookCall) => callN8nWebhook({ url, egress }, call),
  }
  const own = new OrganizationTools(parts.orm, parts.connections, operator, log)
  const tools = commonTools(parts)
  return async (organizationId) => ({ ...tools, ...(await own.of(organizationId)) })
}

function commonTools({ orm, index, embedder, store }: Parts): Omit<EngineTools, 'model' | 'callN8n'> {
  return {
    embed: async (text) => (await embedder.embed([text]))[0]!,
    search: (query) => index.search(query),
    knowledgeBase: remembered((organizationId, name) =>
      new KnowledgeService(managersOf(orm, organizationId), index, embedder)
        .byNames([name], organizationId)
        .then(([base]) => base ?? null),
    ),
    putArtifact: (organizationId, runId, artifact) =>
      new ArtifactService(managersOf(orm, organizationId), store).put(organizationId, runId, artifact),
  }
}

/** Asks once for each base within its time; a failure is not remembered. */
function remembered(load: EngineTools['knowledgeBase']): EngineTools['knowledgeBase'] {
  const known = new Map<string, { until: number; base: ReturnType<EngineTools['knowledgeBase']> }>()
  return (organizationId, name) => {
    const key = `${organizationId}:${name}`
    const hit = known.get(key)
    if (hit !== undefined && hit.until > Date.now()) return hit.base
    const base = load(organizationId, name)
    if (known.size >= 1_000) known.delete(known.keys().next().value!)
    known.set(key, { until: Date.now() + BASE_TTL_MS, base })
    base.catch(() => known.delete(key))
    return base
  }
}
