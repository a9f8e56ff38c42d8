import type { EntityManager } from '@mikro-orm/postgresql'
import type { ActorKind } from '@signalbox/shared/actor'
import { EMBEDDING_MODEL } from '../reasoning/embedder.ts'
import type { KnowledgeBase } from './knowledge-base.entity.ts'
import type { NormalDocument } from './new-document.ts'

export interface StoredDocument extends Omit<NormalDocument, 'source'> {
  id: string
  version: number
}

export interface Author {
  kind: ActorKind
  id: string
}

interface KnownRow {
  key: string
  content_hash: string
  settled: boolean
}

/** How the documents of one call stand to what is stored. */
export interface Comparison {
  added: number
  updated: number
  unchanged: number
  /** New, changed, or stored but not indexed. */
  toSave: NormalDocument[]
  /** What the changed ones said before. */
  formerHashes: string[]
}

/** What is to be done to the index after a change. */
export interface Unsettled {
  toIndex: StoredDocument[]
  toRemove: string[]
}

const COLUMNS = 'd.id, d.key, d.title, d.text, d.label, d.format, d.version, d.content_hash as hash'
const IS_WAITING =
  'd.duplicate_of is null and (d.indexed_hash is distinct from d.content_hash or d.indexed_model is distinct from ?)'

/** The documents of one base, in the caller's transaction or, without one, in one of their own. */
export class DocumentStore {
  constructor(
    private readonly em: EntityManager,
    private readonly base: KnowledgeBase,
  ) {}

  /** One at a time changes the documents of a base, until the transaction ends: who stands in for whom is decided over all of them. */
  async lock(): Promise<void> {
    await this.em.execute(`select pg_advisory_xact_lock(hashtext('workflow.documents'), hashtext(?))`, [this.base.id])
  }

  async compare(documents: NormalDocument[]): Promise<Comparison> {
    const known = await this.em.execute<KnownRow[]>(
      `select d.key, d.content_hash, d.duplicate_of is not null or coalesce(d.indexed_hash = d.content_hash, false) as settled
       from workflow.documents d join jsonb_array_elements_text(?::jsonb) k(key) on d.key = k.key
       where d.organization_id = ? and d.knowledge_base_id = ?`,
      [JSON.stringify(documents.map(({ key }) => key)), ...this.#scope],
    )
    const byKey = new Map(known.map((row) => [row.key, row]))
    const isKnown = (document: NormalDocument) => byKey.has(document.key)
    const isSame = (document: NormalDocument) => byKey.get(document.key)?.content_hash === document.hash
    return {
      added: documents.filter((document) => !isKnown(document)).length,
      updated: documents.filter((document) => isKnown(document) && !isSame(document)).length,
      unchanged: documents.filter(isSame).length,
      toSave: documents.filter((document) => !isSame(document) || !byKey.get(document.key)!.settled),
      formerHashes: known.map((row) => row.content_hash),
    }
  }

  /** Writes them; a change makes the next version and notes who made it. */
  async save(documents: NormalDocument[], author: Author | null): Promise<void> {
    await this.em.execute(
      `with saved as (
         insert into workflow.documents (organization_id, knowledge_base_id, key, title, text, label, format, source, content_hash)
         select ?, ?, key, title, text, label, format, source, hash
         from jsonb_to_recordset(?::jsonb) d(key text, title text, text text, label text, format text, source text, hash text) order by key
         on conflict (organization_id, knowledge_base_id, key) do update set title = excluded.title, text = excluded.text,
           label = excluded.label, format = excluded.format, source = excluded.source, content_hash = excluded.content_hash,
           version = documents.version + (documents.content_hash <> excluded.content_hash)::int, updated_at = clock_timestamp()
         returning *
       )
       insert into workflow.document_versions
         (organization_id, document_id, version, content_hash, title, label, characters, source, author_kind, author_id)
       select organization_id, id, version, content_hash, title, label, char_length(text), source, ?, ? from saved
       on conflict (organization_id, document_id, version) do nothing`,
      [...this.#scope, JSON.stringify(documents), author?.kind ?? null, author?.id ?? null],
    )
  }

  /**
   * Of documents that say the same the first stands for all: decides it anew for what is said in these contents, and gives what the index
   * lacks and what it holds too much.
   */
  async settle(hashes: string[]): Promise<Unsettled> {
    const said = JSON.stringify([...new Set(hashes)])
    await this.em.execute(
      `update workflow.documents d set duplicate_of = nullif(f.id, d.id)
       from (select distinct on (content_hash) content_hash, id from workflow.documents
             where organization_id = ? and knowledge_base_id = ? and content_hash in (select jsonb_array_elements_text(?::jsonb))
             order by content_hash, id) f
       where d.organization_id = ? and d.knowledge_base_id = ? and d.content_hash = f.content_hash
         and d.duplicate_of is distinct from nullif(f.id, d.id)`,
      [...this.#scope, said, ...this.#scope],
    )
    const rows = await this.em.execute<(StoredDocument & { duplicate: boolean })[]>(
      `select ${COLUMNS}, d.duplicate_of is not null as duplicate from workflow.documents d
       where d.organization_id = ? and d.knowledge_base_id = ? and d.content_hash in (select jsonb_array_elements_text(?::jsonb))
         and (${IS_WAITING} or (d.duplicate_of is not null and d.indexed_hash is not null)) order by d.id`,
      [...this.#scope, said, EMBEDDING_MODEL],
    )
    return {
      toIndex: rows.filter(({ duplicate }) => !duplicate),
      toRemove: rows.filter(({ duplicate }) => duplicate).map(({ id }) => id),
    }
  }

  /** Of these keys, how many stand behind another document that says the same. */
  async countDuplicates(keys: string[]): Promise<number> {
    const [row] = await this.em.execute<{ n: string }[]>(
      `select count(*) as n from workflow.documents where organization_id = ? and knowledge_base_id = ? and duplicate_of is not null
         and key in (select jsonb_array_elements_text(?::jsonb))`,
      [...this.#scope, JSON.stringify(keys)],
    )
    return Number(row!.n)
  }

  /** Notes what the index now holds, and gives the ids of those that are still there. One that changed in the meantime still waits. */
  async markIndexed(indexed: { id: string; hash: string; chunks: number }[]): Promise<string[]> {
    const rows = await this.em.execute<{ id: string }[]>(
      `update workflow.documents d set indexed_hash = i.hash, chunks = i.chunks, indexed_model = ?
       from jsonb_to_recordset(?::jsonb) i(id uuid, hash text, chunks int)
       where d.organization_id = ? and d.id = i.id returning d.id`,
      [EMBEDDING_MODEL, JSON.stringify(indexed), this.base.organizationId],
    )
    return rows.map(({ id }) => id)
  }

  /** Notes that the index holds nothing of these, or of the whole base. */
  async markUnindexed(ids?: string[]): Promise<void> {
    await this.em.execute(
      `update workflow.documents set indexed_hash = null, chunks = 0 where organization_id = ? and knowledge_base_id = ?
         and (?::jsonb is null or id in (select jsonb_array_elements_text(?::jsonb)::uuid))`,
      [...this.#scope, ids === undefined ? null : JSON.stringify(ids), ids === undefined ? null : JSON.stringify(ids)],
    )
  }

  /** Deletes documents with their versions, and gives their ids and what they said. */
  remove(ids: string[]): Promise<{ id: string; hash: string }[]> {
    return this.em.execute<{ id: string; hash: string }[]>(
      `delete from workflow.documents where organization_id = ? and knowledge_base_id = ?
         and id in (select jsonb_array_elements_text(?::jsonb)::uuid) returning id, content_hash as hash`,
      [...this.#scope, JSON.stringify(ids)],
    )
  }

  /** The next documents after an id, in the order of ids, that the index lacks or holds by another model. */
  waiting(after: string, size: number): Promise<StoredDocument[]> {
    return this.em.execute<StoredDocument[]>(
      `select ${COLUMNS} from workflow.documents d
       where d.organization_id = ? and d.knowledge_base_id = ? and d.id > ?::uuid and ${IS_WAITING} order by d.id limit ?`,
      [...this.#scope, after, EMBEDDING_MODEL, size],
    )
  }

  /** A sample of the labelled and indexed ones, the same at each call. */
  async labelledSample(size: number): Promise<string[]> {
    const rows = await this.em.execute<{ id: string }[]>(
      `select id from workflow.documents where organization_id = ? and knowledge_base_id = ? and label is not null and indexed_hash is not null
       order by md5(id::text) limit ?`,
      [...this.#scope, size],
    )
    return rows.map(({ id }) => id)
  }

  get #scope(): [string, string] {
    return [this.base.organizationId, this.base.id]
  }
}
