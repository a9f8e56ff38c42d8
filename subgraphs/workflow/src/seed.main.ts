import 'reflect-metadata'
import { Audit } from '@signalbox/shared/audit'
import { DEMO } from '@signalbox/shared/demo'
import { createLogger } from '@signalbox/shared/logger'
import { readApiEnv } from './env.ts'
import { seedKnowledge, seedLeads } from './knowledge/examples/seed-knowledge.ts'
import { KnowledgeService } from './knowledge/knowledge.service.ts'
import { openParts } from './parts.ts'
import { inTransaction, managersOf } from './tenant.ts'
import { publish } from './workflows/publish.ts'
import { LEAD_BASE } from './workflows/shipped/lead-qualification.ts'
import { shippedWorkflows } from './workflows/shipped-workflows.ts'

const env = readApiEnv()
const parts = await openParts(env, 2, createLogger('seed-workflow', env.LOG_LEVEL))
try {
  const client = managersOf(parts.orm, DEMO.clientId)
  const audit = new Audit({ viewer: null, operation: 'seed' })
  const done: string[] = []
  for (const workflow of shippedWorkflows) {
    const fresh = await inTransaction(client.fork(), (transaction) =>
      publish(transaction, { ...workflow, organizationId: DEMO.clientId }, audit),
    )
    done.push(`${fresh ? 'published' : 'kept'} ${workflow.slug}`)
  }
  const knowledge = new KnowledgeService(client, parts.index, parts.embedder)
  await seedKnowledge(knowledge)
  await seedLeads(knowledge, LEAD_BASE)
  console.log(`workflow: ${done.join(', ')}; filled ${DEMO.knowledgeBase}, ${LEAD_BASE}`)
} finally {
  await parts[Symbol.asyncDispose]()
}
