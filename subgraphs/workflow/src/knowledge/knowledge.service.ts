import { Audit } from '@signalbox/shared/audit'
import type { Egress } from '@signalbox/shared/egress'
import type { Embedder } from '../reasoning/embedder.ts'
import { answerFrom, type KnowledgeAnswer } from './answer.ts'
import { BaseCalibrations } from './base-calibrations.ts'
import { BaseIndexer } from './base-indexer.ts'
import { Deletion } from './deletion.ts'
import { DocumentList, type DocumentsWanted } from './document-list.ts'
import type { Author } from './document-store.ts'
import type { DocumentVersion } from './document-version.entity.ts'
import type { Document } from './document.entity.ts'
import { Ingestion, type IngestionCounts } from './ingestion.ts'
import type { KnowledgeBase } from './knowledge-base.entity.ts'
import { KnowledgeBases, type BaseSizes, type ManagerSource } from './knowledge-bases.ts'
import { checkDocuments, checkFilter, checkRange, checkText, checkTexts, LIMITS } from './knowledge.faults.ts'
import type { KnowledgeHit } from './knowledge-hit.ts'
import type { KnowledgeIndex } from './knowledge-index.ts'
import type {
  AskKnowledgeInput,
  CalibrateKnowledgeBaseInput,
  IngestDocumentsInput,
  IngestUrlInput,
  SearchKnowledgeInput,
} from './knowledge.inputs.ts'
import { SourceIngestion, type SourceOptions, type SourceResult } from './source-ingestion.ts'
import { EVIDENCE } from './vote.ts'

/** For whom the service works; without it for the machine itself. */
export interface KnowledgeCaller {
  author: Author | null
  audit: Audit
  /** The way to pages. */
  egress?: Egress
}

const MACHINE: KnowledgeCaller = { author: null, audit: new Audit({ viewer: null }) }
const DEFAULT_HITS = 12

/** Knowledge bases as one caller may use them. */
export class KnowledgeService {
  readonly #bases: KnowledgeBases
  readonly #indexer: BaseIndexer
  readonly #ingestion: Ingestion
  readonly #sources: SourceIngestion
  readonly #calibrations: BaseCalibrations
  readonly #deletion: Deletion
  readonly #list: DocumentList

  constructor(
    managers: ManagerSource,
    private readonly index: KnowledgeIndex,
    private readonly embedder: Embedder,
    { author, audit, egress }: KnowledgeCaller = MACHINE,
  ) {
    this.#bases = new KnowledgeBases(managers)
    this.#indexer = new BaseIndexer(this.#bases, index, embedder)
    this.#ingestion = new Ingestion(this.#bases, this.#indexer, author)
    this.#sources = new SourceIngestion(this.#ingestion, egress)
    this.#calibrations = new BaseCalibrations(this.#bases, index)
    this.#deletion = new Deletion(this.#bases, index, this.#indexer, audit)
    this.#list = new DocumentList(this.#bases)
  }

  list(): Promise<KnowledgeBase[]> {
    return this.#bases.list()
  }

  /** In the order of the names; a name that is not there is left out. Of two with one name, the given organisation's. */
  byNames(names: string[], organizationId?: string): Promise<KnowledgeBase[]> {
    return this.#bases.byNames(names, organizationId)
  }

  /** By name or id. @throws {NotFoundError} for an unknown one and for another organisation's alike */
  find(nameOrId: string, organizationId?: string): Promise<KnowledgeBase> {
    return this.#bases.find(nameOrId, organizationId)
  }

  sizes(base: KnowledgeBase): Promise<BaseSizes> {
    return this.#bases.sizes(base)
  }

  /** The base with this name; made when it is missing. */
  create(organizationId: string, name: string): Promise<KnowledgeBase> {
    return this.#bases.create(organizationId, name)
  }

  /** Hybrid retrieval, best first. @throws {UnavailableError} when the index cannot be reached */
  async search({ knowledgeBase, text, limit, filter }: SearchKnowledgeInput, organizationId?: string): Promise<KnowledgeHit[]> {
    checkText('input.text', text, LIMITS.query)
    checkRange('input.limit', limit ?? DEFAULT_HITS, 1, LIMITS.hits)
    const base = await this.find(knowledgeBase, organizationId)
    const [hits] = await this.#retrieve(base, [text], limit ?? DEFAULT_HITS, checkFilter(filter))
    return hits!
  }

  /** What the base's examples say about each text. @throws {UnavailableError} when the index cannot be reached */
  async answers({ knowledgeBase, texts, limit }: AskKnowledgeInput, organizationId?: string): Promise<KnowledgeAnswer[]> {
    checkTexts(texts)
    checkRange('input.limit', limit ?? DEFAULT_HITS, 1, LIMITS.hits)
    const base = await this.find(knowledgeBase, organizationId)
    const found = await this.#retrieve(base, texts, Math.max(EVIDENCE, limit ?? DEFAULT_HITS))
    return found.map((hits) => answerFrom(base, hits, limit ?? DEFAULT_HITS))
  }

  /** Stores documents and indexes those that are new or changed. What fails halfway is done by the same call again. */
  async ingest(
    { knowledgeBase, documents }: IngestDocumentsInput,
    organizationId: string,
  ): Promise<IngestionCounts & { knowledgeBase: KnowledgeBase }> {
    checkDocuments(documents)
    const base = await this.#bases.own(knowledgeBase, organizationId)
    return { knowledgeBase: base, ...(await this.#ingestion.ingest(base, documents)) }
  }

  /** One that the caller may write to. @throws {NotFoundError} */
  own(nameOrId: string, organizationId: string): Promise<KnowledgeBase> {
    return this.#bases.own(nameOrId, organizationId)
  }

  /** Takes in a CSV, Markdown, HTML, PDF or text file. @throws {BadUserInputError} that says what is wrong with it */
  ingestFile(
    base: KnowledgeBase,
    file: { name: string; mediaType: string; content: Buffer },
    options?: SourceOptions,
  ): Promise<SourceResult> {
    return this.#sources.file(base, file, options)
  }

  /** The same from an address. */
  async ingestUrl(
    { knowledgeBase, url, title, label }: IngestUrlInput,
    organizationId: string,
  ): Promise<SourceResult & { knowledgeBase: KnowledgeBase }> {
    const base = await this.#bases.own(knowledgeBase, organizationId)
    return { knowledgeBase: base, ...(await this.#sources.page(base, url, { title, label })) }
  }

  async documents(knowledgeBase: string, wanted: DocumentsWanted, organizationId?: string) {
    return this.#list.page(await this.find(knowledgeBase, organizationId), wanted)
  }

  /** Newest first. */
  versions(document: Document): Promise<DocumentVersion[]> {
    return this.#list.versions(document)
  }

  /** For good. Gives the number of those that were there. */
  async deleteDocuments(knowledgeBase: string, ids: string[], organizationId: string) {
    const base = await this.#bases.own(knowledgeBase, organizationId)
    return { knowledgeBase: base, deleted: await this.#deletion.documents(base, ids) }
  }

  /** With all that is in it, for good. */
  async deleteBase(nameOrId: string, organizationId: string): Promise<KnowledgeBase> {
    const base = await this.#bases.own(nameOrId, organizationId)
    await this.#deletion.base(base)
    return base
  }

  /**
   * Builds the index of a base anew from its documents: it is derived, and the local store makes no promise of durability. Goes on after
   * the answer; `chunks` rises until it is done. What fails is done by the clock or by another call.
   */
  async startReindex(nameOrId: string, organizationId: string): Promise<KnowledgeBase> {
    const base = await this.#bases.own(nameOrId, organizationId)
    await this.#indexer.empty(base)
    this.#indexer.catchUp(base).catch(() => {})
    return base
  }

  /** The same, to its end; gives the number of documents. */
  async reindex(nameOrId: string, organizationId: string): Promise<number> {
    const base = await this.#bases.own(nameOrId, organizationId)
    await this.#indexer.empty(base)
    return this.#indexer.catchUp(base)
  }

  /** Indexes what waits, or what another model embedded, and calibrates anew when the model has changed. Gives the number of documents. */
  async catchUp(id: string, organizationId: string, signal?: AbortSignal): Promise<number> {
    const before = await this.#bases.own(id, organizationId)
    const done = await this.#indexer.catchUp(before, signal)
    const { embeddingModel } = await this.#bases.own(id, organizationId)
    if (embeddingModel !== before.embeddingModel && before.calibration !== null)
      await this.calibrate({ knowledgeBase: id, targetPrecision: before.calibration.targetPrecision }, organizationId)
    return done
  }

  /**
   * Starts a calibration, which goes on after the answer; `calibrationStatus` tells how it is.
   * @throws {ConflictError} while one is running
   */
  async startCalibration(input: CalibrateKnowledgeBaseInput, organizationId: string): Promise<KnowledgeBase> {
    const { base, done } = await this.#calibrations.begin(input, organizationId)
    done.catch(() => {})
    return base
  }

  /** Calibrates and waits for the end. */
  async calibrate(input: CalibrateKnowledgeBaseInput, organizationId: string): Promise<KnowledgeBase> {
    const { base, done } = await this.#calibrations.begin(input, organizationId)
    await done
    return this.#bases.own(base.id, organizationId)
  }

  async #retrieve(
    { organizationId, id }: KnowledgeBase,
    texts: string[],
    limit: number,
    filter?: ReturnType<typeof checkFilter>,
  ) {
    const embeddings = await this.embedder.embed(texts)
    return Promise.all(
      texts.map((text, at) =>
        this.index.search({
          organizationId,
          knowledgeBaseId: id,
          text,
          embedding: embeddings[at]!,
          limit,
          filter: filter ?? null,
        }),
      ),
    )
  }
}
