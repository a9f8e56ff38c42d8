import { z } from 'zod'
import { readEnv } from '@signalbox/shared/env'
import { migrateKnowledge } from './knowledge/migrate-knowledge.ts'
import { migrateWorkflow } from './migrate.ts'

const { DATABASE_OWNER_URL, KNOWLEDGE_OWNER_URL } = readEnv({
  DATABASE_OWNER_URL: z.url(),
  KNOWLEDGE_OWNER_URL: z.url().optional(),
})
const ran = [
  ...(await migrateWorkflow(DATABASE_OWNER_URL)),
  ...(await migrateKnowledge(KNOWLEDGE_OWNER_URL ?? DATABASE_OWNER_URL)),
]
console.log(ran.length === 0 ? 'workflow: nothing to migrate' : `workflow: ${ran.join(', ')}`)
