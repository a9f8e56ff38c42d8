import type { MikroORM } from '@mikro-orm/postgresql'
import { createEgress, type EgressPolicy } from '@signalbox/shared/egress'
import { parseOrigins } from '@signalbox/shared/egress/policy'
import { Envelope } from '@signalbox/shared/encryption/envelope'
import { KeyFileProvider } from '@signalbox/shared/encryption/key-file'
import type { Logger } from '@signalbox/shared/logger'
import { pendingMigrations } from '@signalbox/shared/migrations'
import { ArtifactStore } from './artifacts/artifact-store.ts'
import type { ConnectionParts } from './credentials/credential.service.ts'
import type { EngineEnv } from './env.ts'
import { KnowledgeIndex } from './knowledge/knowledge-index.ts'
import { pendingKnowledgeMigrations } from './knowledge/migrate-knowledge.ts'
import { MIGRATIONS } from './migrate.ts'
import { createWorkflowOrm } from './orm.ts'
import { Embedder } from './reasoning/embedder.ts'

/** What the API and the worker are both made of. */
export interface Parts extends AsyncDisposable {
  orm: MikroORM
  index: KnowledgeIndex
  embedder: Embedder
  store: ArtifactStore
  /** For what organisations connect themselves: the public internet and what the operator allows, over HTTPS. */
  connections: ConnectionParts
}

export async function openParts(env: EngineEnv, poolSize: number | undefined, log: Logger): Promise<Parts> {
  const orm = await createWorkflowOrm(env.DATABASE_URL, poolSize)
  const index = KnowledgeIndex.connect(env.KNOWLEDGE_DATABASE_URL ?? env.DATABASE_URL)
  const embedder = new Embedder()
  const store = new ArtifactStore({
    endpoint: env.S3_ENDPOINT,
    region: env.S3_REGION,
    bucket: env.S3_BUCKET,
    accessKey: env.S3_ACCESS_KEY,
    secretKey: env.S3_SECRET_KEY,
  })
  const connections = openConnections(env, log)
  return {
    orm,
    index,
    embedder,
    store,
    connections,
    async [Symbol.asyncDispose]() {
      await Promise.all([
        orm.close(true),
        index[Symbol.asyncDispose](),
        embedder[Symbol.asyncDispose](),
        connections.egress[Symbol.asyncDispose](),
      ])
    },
  }
}

function openConnections({ ENCRYPTION_KEYS, ENCRYPTION_KEYS_FILE, EGRESS_ALLOW }: EngineEnv, log: Logger): ConnectionParts {
  const keys = new KeyFileProvider({
    text: ENCRYPTION_KEYS,
    path: ENCRYPTION_KEYS_FILE,
    onFault: (error) => log.warn({ err: error }, 'the changed key file is not usable; the keys that were read before go on'),
  })
  const policy: EgressPolicy = { trustedOrigins: parseOrigins(EGRESS_ALLOW) }
  return { envelope: new Envelope(keys), policy, egress: createEgress(policy) }
}

/**
 * Refuses to start on a schema that is behind. A database that cannot be reached is another matter: the service starts, `/ready` says
 * so, and it goes on once the database is there.
 * @throws when a migration has not run
 */
export async function checkSchema(env: EngineEnv, log: Logger): Promise<void> {
  const waiting = [
    pendingMigrations({ url: env.DATABASE_URL, schema: 'workflow', directory: MIGRATIONS }),
    pendingKnowledgeMigrations(env.KNOWLEDGE_DATABASE_URL ?? env.DATABASE_URL),
  ]
  const results = await Promise.allSettled(waiting)
  const pending = results.flatMap((result) => (result.status === 'fulfilled' ? result.value : []))
  if (pending.length > 0) throw new Error(`Migrations have not run: ${pending.join(', ')}. Run dist/migrate.main.js first.`)
  for (const result of results) {
    if (result.status === 'rejected')
      log.warn({ err: result.reason as Error }, 'a database cannot be reached; its schema was not checked')
  }
}
