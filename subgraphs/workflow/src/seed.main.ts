import 'reflect-metadata'
import { Audit } from '@signalbox/shared/audit'
import { DEMO } from '@signalbox/shared/demo'
import { createLogger } from '@signalbox/shared/logger'
import { readApiEnv } from './env.ts'
import { seedKnowledge } from './knowledge/examples/seed-knowledge.ts'
import { KnowledgeService } from './knowledge/knowledge.service.ts'
import { openParts } from './parts.ts'
import { inTransaction, managersOf } from './tenant.ts'
import { publish } from './workflows/publish.ts'
import { supportTriage } from './workflows/support-triage.ts'

const env = readApiEnv()
const parts = await openParts(env, 2, createLogger('seed-workflow', env.LOG_LEVEL))
try {
  const client = managersOf(parts.orm, DEMO.clientId)
  const fresh = await inTransaction(client.fork(), (transaction) =>
    publish(transaction, { ...supportTriage, organizationId: DEMO.clientId }, new Audit({ viewer: null, operation: 'seed' })),
  )
  await seedKnowledge(new KnowledgeService(client, parts.index, parts.embedder))
  console.log(`workflow: ${fresh ? 'published' : 'kept'} ${supportTriage.slug}, filled ${DEMO.knowledgeBase}`)
} finally {
  await parts[Symbol.asyncDispose]()
}
