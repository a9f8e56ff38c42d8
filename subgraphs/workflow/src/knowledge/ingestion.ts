import { setTimeout as sleep } from 'node:timers/promises'
import type { BaseIndexer } from './base-indexer.ts'
import { DocumentStore, type Author, type Comparison, type Unsettled } from './document-store.ts'
import type { KnowledgeBase } from './knowledge-base.entity.ts'
import type { KnowledgeBases } from './knowledge-bases.ts'
import { LIMITS } from './knowledge.faults.ts'
import { normalised, type NewDocument } from './new-document.ts'

export type IngestionCounts = Pick<Comparison, 'added' | 'updated' | 'unchanged'> & {
  /** Of all that were given, those that another document of the base says too: stored, and indexed once. */
  duplicates: number
}

/** Milliseconds that a file's sender waits for its index; the rest goes on after the answer. */
const PATIENCE_MS = 20_000

/** Stores documents and has those indexed that are new or changed. What fails halfway is done by the same call again, or by the clock. */
export class Ingestion {
  constructor(
    private readonly bases: KnowledgeBases,
    private readonly indexer: BaseIndexer,
    private readonly author: Author | null,
  ) {}

  /** Waits until all can be found. */
  async ingest(base: KnowledgeBase, documents: NewDocument[]): Promise<IngestionCounts> {
    const { unsettled, ...counts } = await this.#save(base, documents)
    await this.indexer.settle(base, unsettled)
    return counts
  }

  /** For what may be long: all is stored before the answer, and indexed if that does not take longer than one cares to wait. */
  async ingestMany(base: KnowledgeBase, documents: NewDocument[], patienceMs = PATIENCE_MS): Promise<IngestionCounts> {
    const total: IngestionCounts = { added: 0, updated: 0, unchanged: 0, duplicates: 0 }
    const all: Unsettled = { toIndex: [], toRemove: [] }
    for (let at = 0; at < documents.length; at += LIMITS.documents) {
      const { unsettled, ...counts } = await this.#save(base, documents.slice(at, at + LIMITS.documents))
      for (const name of Object.keys(total) as (keyof IngestionCounts)[]) total[name] += counts[name]
      all.toIndex.push(...unsettled.toIndex)
      all.toRemove.push(...unsettled.toRemove)
    }
    const indexing = this.indexer.settle(base, all)
    // What goes on after the answer and fails is done by the clock.
    indexing.catch(() => {})
    const patience = new AbortController()
    await Promise.race([indexing, sleep(patienceMs, undefined, { signal: patience.signal }).catch(() => {})])
    patience.abort()
    return total
  }

  #save(base: KnowledgeBase, given: NewDocument[]): Promise<IngestionCounts & { unsettled: Unsettled }> {
    const documents = given.map(normalised)
    return this.bases.transaction(async (em) => {
      const store = new DocumentStore(em, base)
      await store.lock()
      const { toSave, formerHashes, ...counts } = await store.compare(documents)
      let unsettled: Unsettled = { toIndex: [], toRemove: [] }
      if (toSave.length > 0) {
        await store.save(toSave, this.author)
        unsettled = await store.settle([...toSave.map(({ hash }) => hash), ...formerHashes])
      }
      const duplicates = await store.countDuplicates(documents.map(({ key }) => key))
      return { ...counts, duplicates, unsettled }
    })
  }
}
