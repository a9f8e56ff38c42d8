import type { MikroORM } from '@mikro-orm/postgresql'
import type { Logger } from '@signalbox/shared/logger'
import type { ClockTask } from '../clock.ts'
import { EMBEDDING_MODEL, type Embedder } from '../reasoning/embedder.ts'
import { managersOf } from '../tenant.ts'
import { INDEXING_LEASE_MS } from './base-indexer.ts'
import type { KnowledgeIndex } from './knowledge-index.ts'
import { KnowledgeService } from './knowledge.service.ts'

/** Documents that wait for so long, in milliseconds, were left by whoever stored them. */
const LEFT_MS = 600_000
const EVERY_MS = 30_000

export interface IndexingParts {
  orm: MikroORM
  index: KnowledgeIndex
  embedder: Embedder
  log: Logger
  /** Stops what runs at its next page. */
  signal: AbortSignal
}

/**
 * Brings the indexes of knowledge bases up to date, one base after another: those whose embeddings another model made, and those whose
 * documents wait since a process died. A base is claimed for a while and held as long as there is progress; whoever takes it over after a
 * crash goes on with what is left. Search goes on meanwhile.
 */
export const indexingTask = ({ orm, index, embedder, log, signal }: IndexingParts): ClockTask => ({
  name: 'knowledge-indexing',
  everyMs: EVERY_MS,
  async run() {
    while (!signal.aborted) {
      const claimed = await claim(orm)
      if (claimed === null) return
      const { organizationId, knowledgeBaseId } = claimed
      const knowledge = new KnowledgeService(managersOf(orm, organizationId), index, embedder)
      const documents = await knowledge.catchUp(knowledgeBaseId, organizationId, signal)
      log.info({ organizationId, knowledgeBaseId, documents }, 'a knowledge base was indexed anew')
    }
  },
})

async function claim(orm: MikroORM): Promise<{ organizationId: string; knowledgeBaseId: string } | null> {
  const rows = await orm.em
    .fork()
    .execute<{ organization_id: string; knowledge_base_id: string }[]>('select * from workflow.claim_base_to_index(?, ?, ?)', [
      EMBEDDING_MODEL,
      INDEXING_LEASE_MS,
      LEFT_MS,
    ])
  const [row] = rows
  return row === undefined ? null : { organizationId: row.organization_id, knowledgeBaseId: row.knowledge_base_id }
}
