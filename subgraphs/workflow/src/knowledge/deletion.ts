import { BadUserInputError } from '@signalbox/shared/errors'
import type { Audit } from '@signalbox/shared/audit'
import { isUuid } from '@signalbox/shared/ids'
import type { BaseIndexer } from './base-indexer.ts'
import { DocumentStore } from './document-store.ts'
import type { KnowledgeBase } from './knowledge-base.entity.ts'
import type { KnowledgeBases } from './knowledge-bases.ts'
import { LIMITS } from './knowledge.faults.ts'
import type { KnowledgeIndex } from './knowledge-index.ts'

/**
 * Deletes for good: rows, versions, and what was derived from them. The index is emptied while the deleted rows are locked, so that whoever
 * still reads a document finds it gone when it is written, and takes it out of the index again (`BaseIndexer`).
 */
export class Deletion {
  constructor(
    private readonly bases: KnowledgeBases,
    private readonly index: KnowledgeIndex,
    private readonly indexer: BaseIndexer,
    private readonly audit: Audit,
  ) {}

  /** @returns how many there were @throws {UnavailableError} when the index cannot be reached: then nothing is deleted */
  async documents(base: KnowledgeBase, ids: string[]): Promise<number> {
    if (ids.length > LIMITS.documents || !ids.every(isUuid)) {
      const message = `at most ${LIMITS.documents} ids of documents`
      throw new BadUserInputError(`Not accepted: input.documents (${message}).`, [{ path: 'input.documents', message }])
    }
    await this.bases.run((em) => new DocumentStore(em, base).markUnindexed(ids))
    const { count, unsettled } = await this.bases.transaction(async (em) => {
      const store = new DocumentStore(em, base)
      await store.lock()
      const removed = await store.remove(ids)
      const gone = removed.map(({ id }) => id)
      await this.index.remove(base.organizationId, base.id, gone)
      const target = { type: 'KnowledgeBase', id: base.id }
      const details = { documents: removed.length }
      if (removed.length > 0)
        await this.audit.record(em, base.organizationId, { action: 'document.deleted', outcome: 'ALLOWED', target, details })
      return { count: removed.length, unsettled: await store.settle(removed.map(({ hash }) => hash)) }
    })
    // Whoever said the same is found from now on.
    await this.indexer.settle(base, unsettled)
    return count
  }

  /** @throws {UnavailableError} when the index cannot be reached: then nothing is deleted */
  async base(base: KnowledgeBase): Promise<void> {
    const { documents } = await this.bases.sizes(base)
    await this.bases.run((em) => new DocumentStore(em, base).markUnindexed())
    await this.bases.transaction(async (em) => {
      await em.execute('delete from workflow.knowledge_bases where organization_id = ? and id = ?', [
        base.organizationId,
        base.id,
      ])
      await this.index.clear(base.organizationId, base.id)
      const target = { type: 'KnowledgeBase', id: base.id }
      const details = { name: base.name, documents }
      await this.audit.record(em, base.organizationId, { action: 'knowledge_base.deleted', outcome: 'ALLOWED', target, details })
    })
  }
}
