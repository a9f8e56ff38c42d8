import { createEgress, type Egress } from '@signalbox/shared/egress'
import { parseOrigins } from '@signalbox/shared/egress/policy'
import { createLogger, type Logger } from '@signalbox/shared/logger'
import { looseObjectsTask } from './artifacts/loose-objects.ts'
import { openToolbox } from './connectors/open-toolbox.ts'
import { OrganizationModels } from './credentials/organization-models.ts'
import { startEngine } from './engine/engine.ts'
import type { EngineTools, ToolsOf } from './engine/session.ts'
import type { WorkerEnv } from './env.ts'
import { indexingTask } from './knowledge/indexing.task.ts'
import { KnowledgeService } from './knowledge/knowledge.service.ts'
import { checkSchema, openParts, type Parts } from './parts.ts'
import { operatorModels } from './reasoning/models.ts'
import { redactingModel } from './reasoning/redacting-model.ts'
import { startReviewOutbox } from './reviews/review-outbox.ts'
import { startChildRun } from './runs/child-runs.ts'
import { managersOf } from './tenant.ts'
import { triggerTasks } from './triggers/trigger-tasks.ts'

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
  const stopping = new AbortController()
  const engine = startEngine({
    databaseUrl: env.DATABASE_URL,
    tools: toolsOf(env, parts, egress, log),
    log,
    concurrency: env.WORKER_CONCURRENCY,
    leaseMs: env.LEASE_MS,
    pollMs: env.WORKER_POLL_MS,
    drainMs: env.DRAIN_MS,
    tasks: (notifier) => [
      looseObjectsTask(parts.orm, parts.store),
      indexingTask({ ...parts, log, signal: stopping.signal }),
      ...triggerTasks({ orm: parts.orm, notifier, log }),
    ],
  })
  const reviewEgress = createEgress({ trustedOrigins: [...originOf(env.N8N_WEBHOOK_URL), ...parseOrigins(env.EGRESS_ALLOW)] })
  const reviews = startReviewOutbox({
    databaseUrl: env.DATABASE_URL,
    publicUrl: env.PUBLIC_URL,
    everyMs: env.WORKER_POLL_MS,
    log,
    orm: parts.orm,
    envelope: parts.connections.envelope,
    egress: reviewEgress,
  })
  return {
    async [Symbol.asyncDispose]() {
      stopping.abort()
      await Promise.all([engine[Symbol.asyncDispose](), reviews[Symbol.asyncDispose]()])
      await Promise.all([parts[Symbol.asyncDispose](), egress[Symbol.asyncDispose](), reviewEgress[Symbol.asyncDispose]()])
    },
  }
}

/** What the operator configured is reached as it is, in a private network too. */
function operatorEgress({ OPENAI_BASE_URL, ANTHROPIC_BASE_URL, N8N_WEBHOOK_URL, EGRESS_ALLOW }: WorkerEnv): Egress {
  const configured = [OPENAI_BASE_URL, ANTHROPIC_BASE_URL, N8N_WEBHOOK_URL].flatMap(originOf)
  return createEgress({ trustedOrigins: [...configured, ...parseOrigins(EGRESS_ALLOW)] })
}

const originOf = (url: string | undefined): string[] => (url === undefined ? [] : [new URL(url).origin])

function toolsOf(env: WorkerEnv, parts: Parts, egress: Egress, log: Logger): ToolsOf {
  const url = env.N8N_WEBHOOK_URL
  const own = new OrganizationModels(parts.orm, parts.connections, operatorModels(env, egress), log)
  const toolbox = openToolbox(parts, env.PUBLIC_URL, log, url === undefined ? null : { url, egress })
  const common = commonTools(parts)
  return async (organizationId, notifier) => {
    const { modelNamed } = await own.of(organizationId)
    return {
      ...common,
      modelNamed: (name, redact) => redactingModel(modelNamed(name), redact),
      tools: toolbox,
      startRun: (child) => startChildRun(parts.orm, notifier, child),
    }
  }
}

function commonTools({ orm, index, embedder }: Parts): Pick<EngineTools, 'embed' | 'search' | 'knowledgeBase'> {
  return {
    embed: async (text) => (await embedder.embed([text]))[0]!,
    search: (query) => index.search(query),
    knowledgeBase: remembered((organizationId, name) =>
      new KnowledgeService(managersOf(orm, organizationId), index, embedder)
        .byNames([name], organizationId)
        .then(([base]) => base ?? null),
    ),
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
