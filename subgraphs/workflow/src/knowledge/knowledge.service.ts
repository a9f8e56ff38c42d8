import type { EntityManager } from '@mikro-orm/postgresql'
import { ConflictError, NotFoundError, UnavailableError } from '@signalbox/shared/errors'
import { EMBEDDING_MODEL, type Embedder } from '../reasoning/embedder.ts'
import { isUuid } from '@signalbox/shared/ids'
import { isConnectionFailure } from '../tenant.ts'
import { calibrateBase } from './calibrate-base.ts'
import { CalibrationStatus } from './calibration.ts'
import { chunksOf } from './chunking.ts'
import { DocumentStore, type Comparison, type StoredDocument } from './document-store.ts'
import { searchable } from './fusion.ts'
import { CALIBRATION_LIMIT_MS, KnowledgeBase } from './knowledge-base.entity.ts'
import { checkDocuments, checkRange, checkText, cleaned, LIMITS } from './knowledge.faults.ts'
import type { KnowledgeHit } from './knowledge-hit.ts'
import type { IndexChunk, KnowledgeIndex } from './knowledge-index.ts'
import type { CalibrateKnowledgeBaseInput, IngestDocumentsInput, SearchKnowledgeInput } from './knowledge.inputs.ts'

/** Where managers come from: a `Tenant`, or a manager that has its session settings. */
export interface ManagerSource {
  fork(): EntityManager
}

export type IngestionResult = Pick<Comparison, 'added' | 'updated' | 'unchanged'> & { knowledgeBase: KnowledgeBase }

const DEFAULT_HITS = 12
/** Documents that are embedded, and then written, at once. */
const INDEX_PART = 50
const NIL = '00000000-0000-0000-0000-000000000000'

/** Knowledge bases as one caller may see them. What another organisation owns is not there. */
export class KnowledgeService {
  constructor(
    private readonly managers: ManagerSource,
    private readonly index: KnowledgeIndex,
    private readonly embedder: Embedder,
  ) {}

  list(): Promise<KnowledgeBase[]> {
    return this.#run((em) => em.find(KnowledgeBase, {}, { orderBy: { name: 'asc', id: 'asc' } }))
  }

  /** In the order of the names; a name that is not there is left out. Of two with one name, the given organisation's. */
  async byNames(names: string[], organizationId?: string): Promise<KnowledgeBase[]> {
    if (names.length === 0) return []
    const found = await this.#run((em) => em.find(KnowledgeBase, { name: { $in: names } }, { orderBy: { id: 'asc' } }))
    const preferred = [...found].sort(
      (a, b) => Number(b.organizationId === organizationId) - Number(a.organizationId === organizationId),
    )
    return names.flatMap((name) => preferred.find((base) => base.name === name) ?? [])
  }

  /** By name or id. @throws {NotFoundError} for an unknown one and for another organisation's alike */
  async find(nameOrId: string, organizationId?: string): Promise<KnowledgeBase> {
    const [named] = await this.byNames([nameOrId], organizationId)
    const base = named ?? (isUuid(nameOrId) ? await this.#run((em) => em.findOne(KnowledgeBase, { id: nameOrId })) : null)
    if (base === null || base === undefined) throw new NotFoundError('knowledge base')
    return base
  }

  /** Documents and chunks of a base. */
  async sizes(base: KnowledgeBase): Promise<{ documents: number; chunks: number }> {
    const [row] = await this.#run((em) =>
      em.execute<{ documents: string; chunks: string }[]>(
        `select count(*) as documents, coalesce(sum(chunks) filter (where indexed_hash is not null), 0) as chunks
         from workflow.documents where organization_id = ? and knowledge_base_id = ?`,
        [base.organizationId, base.id],
      ),
    )
    return { documents: Number(row!.documents), chunks: Number(row!.chunks) }
  }

  /** The base with this name; made when it is missing. */
  async create(organizationId: string, name: string): Promise<KnowledgeBase> {
    checkText('input.name', name, LIMITS.name)
    await this.#run((em) =>
      em.execute(
        `insert into workflow.knowledge_bases (organization_id, name, embedding_model) values (?, ?, ?)
         on conflict (organization_id, name) do nothing`,
        [organizationId, cleaned(name).trim(), EMBEDDING_MODEL],
      ),
    )
    return this.#own(cleaned(name).trim(), organizationId)
  }

  /** Hybrid retrieval, best first. @throws {UnavailableError} when the index cannot be reached */
  async search({ knowledgeBase, text, limit }: SearchKnowledgeInput, organizationId?: string): Promise<KnowledgeHit[]> {
    checkText('input.text', text, LIMITS.query)
    checkRange('input.limit', limit ?? DEFAULT_HITS, 1, LIMITS.hits)
    const base = await this.find(knowledgeBase, organizationId)
    const [embedding] = await this.embedder.embed([text])
    return this.index.search({
      organizationId: base.organizationId,
      knowledgeBaseId: base.id,
      text,
      embedding: embedding!,
      limit: limit ?? DEFAULT_HITS,
    })
  }

  /** Stores documents and indexes those that are new or changed. What fails halfway is done by the same call again. */
  async ingest({ knowledgeBase, documents }: IngestDocumentsInput, organizationId: string): Promise<IngestionResult> {
    checkDocuments(documents)
    const base = await this.#own(knowledgeBase, organizationId)
    const { toIndex, ...counts } = await this.#run((em) => new DocumentStore(em, base).compare(documents))
    if (toIndex.length > 0) {
      const saved = await this.#run((em) => new DocumentStore(em, base).save(toIndex))
      await this.#index(base, saved)
    }
    return { knowledgeBase: base, ...counts }
  }

  /**
   * Builds the index of a base anew from its documents: it is derived, and the local store makes no promise of durability. Goes on after
   * the answer; `chunks` rises until it is done. What fails is done by another call.
   */
  async startReindex(nameOrId: string, organizationId: string): Promise<KnowledgeBase> {
    const base = await this.#own(nameOrId, organizationId)
    await this.#emptyIndex(base)
    this.#fillIndex(base).catch(() => {})
    return base
  }

  /** The same, to its end; gives the number of documents. */
  async reindex(nameOrId: string, organizationId: string): Promise<number> {
    const base = await this.#own(nameOrId, organizationId)
    await this.#emptyIndex(base)
    return this.#fillIndex(base)
  }

  /**
   * Starts a calibration, which goes on after the answer; `calibrationStatus` tells how it is.
   * @throws {ConflictError} while one is running
   */
  async startCalibration(
    { knowledgeBase, targetPrecision }: CalibrateKnowledgeBaseInput,
    organizationId: string,
  ): Promise<KnowledgeBase> {
    const { base, done } = await this.#beginCalibration(knowledgeBase, targetPrecision, organizationId)
    done.catch(() => {})
    return base
  }

  /** Calibrates and waits for the end. */
  async calibrate(
    { knowledgeBase, targetPrecision }: CalibrateKnowledgeBaseInput,
    organizationId: string,
  ): Promise<KnowledgeBase> {
    const { base, done } = await this.#beginCalibration(knowledgeBase, targetPrecision, organizationId)
    await done
    return this.#own(base.id, organizationId)
  }

  async #beginCalibration(nameOrId: string, targetPrecision: number, organizationId: string) {
    checkRange('input.targetPrecision', targetPrecision, 0.5, 0.999)
    const { id } = await this.#own(nameOrId, organizationId)
    const claimed = await this.#run((em) =>
      em.execute<object[]>(
        `update workflow.knowledge_bases set calibration_status = 'RUNNING', calibration_started_at = date_trunc('milliseconds', clock_timestamp())
         where organization_id = ? and id = ? and (calibration_status <> 'RUNNING' or calibration_started_at < clock_timestamp() - ? * interval '1 ms')
         returning id`,
        [organizationId, id, CALIBRATION_LIMIT_MS],
      ),
    )
    if (claimed.length === 0)
      throw new ConflictError('This knowledge base is being calibrated already.', {
        calibrationStatus: CalibrationStatus.RUNNING,
      })
    const base = await this.#own(id, organizationId)
    return { base, done: this.#calibrateClaimed(base, targetPrecision) }
  }

  async #calibrateClaimed(base: KnowledgeBase, targetPrecision: number): Promise<void> {
    try {
      const calibration = await calibrateBase(base, targetPrecision, this.index, (size) =>
        this.#run((em) => new DocumentStore(em, base).labelledSample(size)),
      )
      await this.#endCalibration(base, CalibrationStatus.READY, JSON.stringify(calibration))
    } catch (error) {
      await this.#endCalibration(base, CalibrationStatus.FAILED, null).catch(() => {})
      throw error
    }
  }

  async #endCalibration(base: KnowledgeBase, status: CalibrationStatus, calibration: string | null): Promise<void> {
    await this.#run((em) =>
      em.execute(
        `update workflow.knowledge_bases set calibration_status = ?, calibration = coalesce(?::jsonb, calibration)
         where organization_id = ? and id = ? and calibration_started_at = ?`,
        [status, calibration, base.organizationId, base.id, base.calibrationStartedAt],
      ),
    )
  }

  async #emptyIndex(base: KnowledgeBase): Promise<void> {
    await this.#run((em) => new DocumentStore(em, base).markUnindexed())
    await this.index.clear(base.organizationId, base.id)
  }

  async #fillIndex(base: KnowledgeBase): Promise<number> {
    let done = 0
    for (let page: StoredDocument[] = []; ; done += page.length) {
      page = await this.#run((em) => new DocumentStore(em, base).page(page.at(-1)?.id ?? NIL, 200))
      if (page.length === 0) return done
      await this.#index(base, page)
    }
  }

  /** Embeds one part while the part before it is written: they run on different threads, the model's and the store's. */
  async #index(base: KnowledgeBase, documents: StoredDocument[]): Promise<void> {
    let writing: Promise<void> = Promise.resolve()
    for (let at = 0; at < documents.length; at += INDEX_PART) {
      const part = documents.slice(at, at + INDEX_PART)
      const [chunked] = await Promise.all([this.#chunk(part), writing])
      writing = this.#write(base, part, chunked)
      // Awaited in the next turn; until then nobody else must take its failure for an unhandled one.
      writing.catch(() => {})
    }
    await writing
  }

  async #chunk(documents: StoredDocument[]): Promise<Map<string, IndexChunk[]>> {
    const pieces = documents.flatMap((document) => chunksOf(document.text).map((text, ordinal) => ({ document, text, ordinal })))
    const embeddings = await this.embedder.embed(pieces.map(({ document, text }) => searchable(document.title, text)))
    const chunks = pieces.map(({ document: { id, title, label }, text, ordinal }, at) => ({
      id,
      chunk: { ordinal, title, text, label, embedding: embeddings[at]! },
    }))
    const byDocument = Map.groupBy(chunks, ({ id }) => id)
    return new Map([...byDocument].map(([id, group]) => [id, group.map(({ chunk }) => chunk)]))
  }

  async #write(base: KnowledgeBase, documents: StoredDocument[], chunked: Map<string, IndexChunk[]>): Promise<void> {
    const rows = documents.map(({ id, hash }) => ({ documentId: id, hash, chunks: chunked.get(id) ?? [] }))
    await this.index.put(base.organizationId, base.id, rows)
    const indexed = rows.map(({ documentId, hash, chunks }) => ({ id: documentId, hash, chunks: chunks.length }))
    await this.#run((em) => new DocumentStore(em, base).markIndexed(indexed))
  }

  /** One that the caller may write to. */
  async #own(nameOrId: string, organizationId: string): Promise<KnowledgeBase> {
    const base = await this.find(nameOrId, organizationId)
    if (base.organizationId !== organizationId) throw new NotFoundError('knowledge base')
    return base
  }

  async #run<T>(work: (em: EntityManager) => Promise<T>): Promise<T> {
    try {
      return await work(this.managers.fork())
    } catch (error) {
      throw isConnectionFailure(error) ? new UnavailableError('workflow database') : error
    }
  }
}
