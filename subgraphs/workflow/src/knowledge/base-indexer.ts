import { EMBEDDING_MODEL, type Embedder } from '../reasoning/embedder.ts'
import { chunksOf } from './chunking.ts'
import { DocumentStore, type StoredDocument, type Unsettled } from './document-store.ts'
import { searchable } from './fusion.ts'
import type { KnowledgeBase } from './knowledge-base.entity.ts'
import type { KnowledgeBases } from './knowledge-bases.ts'
import { LIMITS } from './knowledge.faults.ts'
import type { IndexChunk, KnowledgeIndex } from './knowledge-index.ts'

/** Documents that are embedded, and then written, at once: so many, or so many characters together. */
const PART = { documents: 50, characters: 100_000 }
const NIL = '00000000-0000-0000-0000-000000000000'

/** How long somebody who works on a base's index in the background holds it without a sign of life, in milliseconds. */
export const INDEXING_LEASE_MS = 180_000

/** Keeps the index of bases in step with their documents. It is derived: what fails halfway is done again from the documents. */
export class BaseIndexer {
  constructor(
    private readonly bases: KnowledgeBases,
    private readonly index: KnowledgeIndex,
    private readonly embedder: Embedder,
  ) {}

  /** Does to the index what a change of documents asks for. */
  async settle(base: KnowledgeBase, { toIndex, toRemove }: Unsettled): Promise<void> {
    if (toRemove.length > 0) {
      await this.index.remove(base.organizationId, base.id, toRemove)
      await this.#store(base, (store) => store.markUnindexed(toRemove))
    }
    await this.#write(base, toIndex)
  }

  /** Takes the whole base out of the index. Documents count as not indexed before they are. */
  async empty(base: KnowledgeBase): Promise<void> {
    await this.#store(base, (store) => store.markUnindexed())
    await this.index.clear(base.organizationId, base.id)
  }

  /**
   * Indexes what the index lacks or holds by another model, page by page in the order of ids, and holds the base meanwhile. Whoever goes on
   * after a crash finds what is left. Gives the number of documents.
   * @param signal stops between two pages
   */
  async catchUp(base: KnowledgeBase, signal?: AbortSignal): Promise<number> {
    let done = 0
    await this.#hold(base, INDEXING_LEASE_MS)
    if (base.embeddingModel !== EMBEDDING_MODEL) await this.index.forgetEmbeddings(base.organizationId, base.id)
    for (let page: StoredDocument[] = []; ; done += page.length) {
      page = await this.#store(base, (store) => store.waiting(page.at(-1)?.id ?? NIL, PART.documents))
      if (page.length === 0) break
      await this.#write(base, page)
      if (signal?.aborted) return this.#hold(base, 0).then(() => done + page.length)
      await this.#hold(base, INDEXING_LEASE_MS)
    }
    await this.bases.run((em) =>
      em.execute(
        'update workflow.knowledge_bases set embedding_model = ?, indexing_until = null where organization_id = ? and id = ?',
        [EMBEDDING_MODEL, base.organizationId, base.id],
      ),
    )
    return done
  }

  async #hold({ organizationId, id }: KnowledgeBase, forMs: number): Promise<void> {
    await this.bases.run((em) =>
      em.execute(
        `update workflow.knowledge_bases set indexing_until = clock_timestamp() + ? * interval '1 ms' where organization_id = ? and id = ?`,
        [forMs, organizationId, id],
      ),
    )
  }

  /** Embeds one part while the part before it is written: they run on different threads, the model's and the store's. */
  async #write(base: KnowledgeBase, documents: StoredDocument[]): Promise<void> {
    let writing: Promise<void> = Promise.resolve()
    for (const part of partsOf(documents)) {
      const [chunked] = await Promise.all([this.#chunk(part), writing])
      writing = this.#put(base, part, chunked)
      // Awaited in the next turn; until then nobody else must take its failure for an unhandled one.
      writing.catch(() => {})
    }
    await writing
  }

  async #chunk(documents: StoredDocument[]): Promise<IndexChunk[][]> {
    const pieces = documents.map((document) =>
      chunksOf(document.text, document.format).map(({ heading, ...chunk }, ordinal) => {
        const title = [document.title, heading].filter((part) => part !== null).join(' › ')
        return {
          ...chunk,
          ordinal,
          label: document.label,
          title: title === '' ? null : title.slice(0, LIMITS.heading).toWellFormed(),
        }
      }),
    )
    const embeddings = await this.embedder.embed(pieces.flat().map(({ title, text }) => searchable(title, text)))
    let at = 0
    return pieces.map((chunks) => chunks.map((chunk) => ({ ...chunk, embedding: embeddings[at++]! })))
  }

  async #put(base: KnowledgeBase, documents: StoredDocument[], chunked: IndexChunk[][]): Promise<void> {
    const rows = documents.map(({ id, key, version }, at) => ({ documentId: id, key, version, chunks: chunked[at]! }))
    await this.index.put(base.organizationId, base.id, rows)
    const indexed = documents.map(({ id, hash }, at) => ({ id, hash, chunks: chunked[at]!.length }))
    const present = new Set(await this.#store(base, (store) => store.markIndexed(indexed)))
    const gone = indexed.filter(({ id }) => !present.has(id)).map(({ id }) => id)
    // Deleted while they were read: nothing of them may stay.
    if (gone.length > 0) await this.index.remove(base.organizationId, base.id, gone)
  }

  #store<T>(base: KnowledgeBase, work: (store: DocumentStore) => Promise<T>): Promise<T> {
    return this.bases.run((em) => work(new DocumentStore(em, base)))
  }
}

function partsOf(documents: StoredDocument[]): StoredDocument[][] {
  const parts: StoredDocument[][] = []
  let characters = Infinity
  for (const document of documents) {
    const part = parts.at(-1)
    if (part === undefined || part.length >= PART.documents || characters + document.text.length > PART.characters) {
      parts.push([document])
      characters = document.text.length
    } else {
      part.push(document)
      characters += document.text.length
    }
  }
  return parts
}
