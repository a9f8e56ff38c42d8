import { createHash } from 'node:crypto'
import type { EntityManager } from '@mikro-orm/postgresql'
import { cleaned } from './knowledge.faults.ts'
import type { DocumentInput } from './knowledge.inputs.ts'
import type { KnowledgeBase } from './knowledge-base.entity.ts'

export interface StoredDocument {
  id: string
  key: string
  title: string | null
  text: string
  label: string | null
  hash: string
}

interface KnownRow {
  key: string
  content_hash: string
  indexed: boolean
}

/** How the documents of one call stand to what is stored. */
export interface Comparison {
  added: number
  updated: number
  unchanged: number
  /** New, changed, or stored but not indexed. */
  toIndex: Omit<StoredDocument, 'id'>[]
}

/** The documents of one base, in the caller's transaction or, without one, in one of their own. */
export class DocumentStore {
  constructor(
    private readonly em: EntityManager,
    private readonly base: KnowledgeBase,
  ) {}

  async compare(inputs: DocumentInput[]): Promise<Comparison> {
    const documents = inputs.map(normalised)
    const known = await this.em.execute<KnownRow[]>(
      `select d.key, d.content_hash, coalesce(d.indexed_hash = d.content_hash, false) as indexed from workflow.documents d
       join jsonb_array_elements_text(?::jsonb) k(key) on d.key = k.key where d.organization_id = ? and d.knowledge_base_id = ?`,
      [JSON.stringify(documents.map(({ key }) => key)), this.base.organizationId, this.base.id],
    )
    const byKey = new Map(known.map((row) => [row.key, row]))
    const isKnown = (document: { key: string }) => byKey.has(document.key)
    const isSame = (document: { key: string; hash: string }) => byKey.get(document.key)?.content_hash === document.hash
    return {
      added: documents.filter((document) => !isKnown(document)).length,
      updated: documents.filter((document) => isKnown(document) && !isSame(document)).length,
      unchanged: documents.filter(isSame).length,
      toIndex: documents.filter((document) => !isSame(document) || !byKey.get(document.key)!.indexed),
    }
  }

  /** Writes them and returns them with their ids. */
  async save(documents: Omit<StoredDocument, 'id'>[]): Promise<StoredDocument[]> {
    const rows = await this.em.execute<{ id: string; key: string }[]>(
      `insert into workflow.documents (organization_id, knowledge_base_id, key, title, text, label, content_hash)
       select ?, ?, key, title, text, label, hash from jsonb_to_recordset(?::jsonb) d(key text, title text, text text, label text, hash text)
       order by key
       on conflict (organization_id, knowledge_base_id, key) do update set title = excluded.title, text = excluded.text,
         label = excluded.label, content_hash = excluded.content_hash, updated_at = clock_timestamp()
       returning id, key`,
      [this.base.organizationId, this.base.id, JSON.stringify(documents)],
    )
    const ids = new Map(rows.map((row) => [row.key, row.id]))
    return documents.map((document) => ({ ...document, id: ids.get(document.key)! }))
  }

  /** Notes what the index now holds. A document that changed in the meantime still waits. */
  async markIndexed(indexed: { id: string; hash: string; chunks: number }[]): Promise<void> {
    await this.em.execute(
      `update workflow.documents d set indexed_hash = i.hash, chunks = i.chunks
       from jsonb_to_recordset(?::jsonb) i(id uuid, hash text, chunks int)
       where d.organization_id = ? and d.id = i.id`,
      [JSON.stringify(indexed), this.base.organizationId],
    )
  }

  async markUnindexed(): Promise<void> {
    await this.em.execute(
      'update workflow.documents set indexed_hash = null where organization_id = ? and knowledge_base_id = ?',
      [this.base.organizationId, this.base.id],
    )
  }

  /** The next documents after an id, in the order of ids. */
  page(after: string, size: number): Promise<StoredDocument[]> {
    return this.em.execute<StoredDocument[]>(
      `select id, key, title, text, label, content_hash as hash from workflow.documents
       where organization_id = ? and knowledge_base_id = ? and id > ?::uuid order by id limit ?`,
      [this.base.organizationId, this.base.id, after, size],
    )
  }

  /** A sample of the labelled and indexed ones, the same at each call. */
  async labelledSample(size: number): Promise<string[]> {
    const rows = await this.em.execute<{ id: string }[]>(
      `select id from workflow.documents where organization_id = ? and knowledge_base_id = ? and label is not null and indexed_hash is not null
       order by md5(id::text) limit ?`,
      [this.base.organizationId, this.base.id, size],
    )
    return rows.map(({ id }) => id)
  }
}

function normalised({ key, title, text, label }: DocumentInput): Omit<StoredDocument, 'id'> {
  const document = {
    key: cleaned(key).trim(),
    title: presence(title),
    text: cleaned(text).trim(),
    label: presence(label),
  }
  const hash = createHash('sha256')
    .update(JSON.stringify([document.title, document.text, document.label]))
    .digest('base64url')
  return { ...document, hash }
}

/** An empty cell of a file is no label. */
const presence = (text: string | null | undefined) => (text == null || cleaned(text).trim() === '' ? null : cleaned(text).trim())
