import { UnavailableError } from '@signalbox/shared/errors'
import pg from 'pg'
import { EMBEDDING_MODEL } from '../reasoning/embedder.ts'
import { isConnectionFailure } from '../tenant.ts'
import { rankPassages, searchable, type Passage, type TermCounts } from './fusion.ts'
import type { KnowledgeHit } from './knowledge-hit.ts'
import { termsOf } from './terms.ts'

export interface IndexSearch {
  organizationId: string
  knowledgeBaseId: string
  text: string
  embedding: number[]
  limit: number
  filter?: IndexFilter | null
  /** Leave-one-out: as if this document were not there. */
  exceptDocumentId?: string
}

/** What a hit must satisfy; each part that is given. Prefixes are compared without regard to case. */
export interface IndexFilter {
  labels?: string[]
  titlePrefix?: string
  keyPrefix?: string
  documentIds?: string[]
}

export interface IndexChunk {
  ordinal: number
  /** Where it stands in the document's text, in characters. */
  start: number
  end: number
  title: string | null
  text: string
  label: string | null
  embedding: number[]
}

export interface IndexDocument {
  documentId: string
  key: string
  version: number
  chunks: IndexChunk[]
}

export interface IndexExample {
  documentId: string
  text: string
  label: string
  embedding: number[]
}

/** Chunks that one statement writes, about: PGlite serves one statement at a time, and a search must not wait long. */
const WRITE_BATCH = 50

/**
 * The derived index: meaning and words of every chunk. Behind it is Postgres with pgvector, or PGlite on a socket, where all clients
 * share one session and the messages of a parameterised query may mix with another client's. So each access is one simple query, one
 * message on the wire, with its values quoted into it, and calls one function that sets the tenant for itself.
 */
export class KnowledgeIndex implements AsyncDisposable {
  constructor(private readonly pool: pg.Pool) {
    pool.on('error', () => {})
  }

  /** A pool as this index wants it. */
  static connect(url: string, size = 4): KnowledgeIndex {
    return new KnowledgeIndex(
      new pg.Pool({ connectionString: url, max: size, connectionTimeoutMillis: 3_000, query_timeout: 60_000 }),
    )
  }

  /** The best passages by meaning and words together, one a document. @throws {UnavailableError} when the index cannot be reached */
  async search({
    organizationId,
    knowledgeBaseId,
    text,
    embedding,
    limit,
    filter,
    exceptDocumentId,
  }: IndexSearch): Promise<KnowledgeHit[]> {
    const { words, groups } = termsOf(text)
    const near = Math.max(60, limit * 2)
    const found = await this.#call<{ terms: TermCounts; passages: Passage[] }>(
      `knowledge.candidates(${uuid(organizationId)}, ${uuid(knowledgeBaseId)}, ${direction(embedding)}, ${textArray(words)}, ${textArray(groups)},` +
        ` ${exceptDocumentId === undefined ? 'null' : uuid(exceptDocumentId)}, ${near}, filter => ${filterLiteral(filter)},` +
        ` embedded_by => ${literal(EMBEDDING_MODEL)})`,
    )
    return rankPassages(text, found.passages, found.terms, limit, exceptDocumentId === undefined ? 0 : 1)
  }

  /** The nearest by meaning alone, nearest first: the vector half of `search`, for measurements. */
  async nearest({ organizationId, knowledgeBaseId, embedding, limit }: Omit<IndexSearch, 'text'>): Promise<string[]> {
    const near = `knowledge.near(${uuid(organizationId)}, ${uuid(knowledgeBaseId)}, ${direction(embedding)}, ${Math.floor(limit)})`
    const { rows } = await this.#query(`select id from ${near}`)
    return (rows as { id: string }[]).map(({ id }) => id)
  }

  /** Replaces what the index holds of these documents. @throws {UnavailableError} when the index cannot be reached */
  async put(organizationId: string, knowledgeBaseId: string, documents: IndexDocument[]): Promise<void> {
    for (const batch of batchesOf(documents)) {
      const rows = batch.map(({ chunks, ...document }) => ({ ...document, chunks: chunks.map(toRow) }))
      await this.#put(organizationId, knowledgeBaseId, rows)
    }
  }

  /** Takes documents out of the index. @throws {UnavailableError} when the index cannot be reached */
  async remove(organizationId: string, knowledgeBaseId: string, documentIds: string[]): Promise<void> {
    for (let at = 0; at < documentIds.length; at += WRITE_BATCH) {
      const rows = documentIds.slice(at, at + WRITE_BATCH).map((documentId) => ({ documentId, chunks: [] }))
      await this.#put(organizationId, knowledgeBaseId, rows)
    }
  }

  async #put(organizationId: string, knowledgeBaseId: string, rows: object[]): Promise<void> {
    const json = `${literal(JSON.stringify(rows))}::jsonb`
    await this.#call(`knowledge.put(${uuid(organizationId)}, ${uuid(knowledgeBaseId)}, ${json}, ${literal(EMBEDDING_MODEL)})`)
  }

  /** From now on chunks whose embeddings are another model's are found by their words alone. */
  async forgetEmbeddings(organizationId: string, knowledgeBaseId: string): Promise<void> {
    await this.#call(
      `knowledge.forget_embeddings(${uuid(organizationId)}, ${uuid(knowledgeBaseId)}, ${literal(EMBEDDING_MODEL)})`,
    )
  }

  /** What of these documents is indexed, with its embedding; those without a label are left out. */
  async examples(organizationId: string, documentIds: string[]): Promise<IndexExample[]> {
    const rows = await this.#call<{ documentId: string; text: string; label: string | null; embedding: string }[]>(
      `knowledge.examples(${uuid(organizationId)}, ${literal(`{${documentIds.join(',')}}`)}::uuid[])`,
    )
    return rows.flatMap((row) =>
      row.label === null ? [] : [{ ...row, label: row.label, embedding: JSON.parse(row.embedding) as number[] }],
    )
  }

  /** Takes a whole base out of the index. */
  async clear(organizationId: string, knowledgeBaseId: string): Promise<void> {
    await this.#call(`knowledge.clear(${uuid(organizationId)}, ${uuid(knowledgeBaseId)})`)
  }

  /** For `/ready`: whether the index answers and has its tables. */
  async ready(): Promise<void> {
    await this.#query('select count(*) from knowledge.migrations')
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.pool.end()
  }

  async #call<T>(call: string): Promise<T> {
    const { rows } = await this.#query(`select ${call} as result`)
    return (rows[0] as { result: T }).result
  }

  async #query(sql: string): Promise<pg.QueryResult> {
    try {
      return await this.pool.query(sql)
    } catch (error) {
      throw isConnectionFailure(error) || (error as Error).message === 'Query read timeout'
        ? new UnavailableError('knowledge index')
        : error
    }
  }
}

type Part = IndexDocument & { append?: true }

/** Short documents together and long ones in parts, about so many chunks in each batch. */
function batchesOf(documents: IndexDocument[]): Part[][] {
  const batches: Part[][] = []
  let size = WRITE_BATCH
  for (const part of documents.flatMap(partsOf)) {
    if (size >= WRITE_BATCH) {
      batches.push([])
      size = 0
    }
    batches.at(-1)!.push(part)
    size += Math.max(1, part.chunks.length)
  }
  return batches
}

/** The first part replaces what there was, the others are added to it. */
function partsOf(document: IndexDocument): Part[] {
  const parts: Part[] = [{ ...document, chunks: document.chunks.slice(0, WRITE_BATCH) }]
  for (let at = WRITE_BATCH; at < document.chunks.length; at += WRITE_BATCH)
    parts.push({ ...document, chunks: document.chunks.slice(at, at + WRITE_BATCH), append: true })
  return parts
}

function toRow({ embedding, title, text, start, end, ...chunk }: IndexChunk) {
  const { words, groups } = termsOf(searchable(title, text))
  return {
    ...chunk,
    title,
    text,
    starts: start,
    ends: end,
    embedding: `[${embedding.map((x) => x.toFixed(6)).join(',')}]`,
    words,
    terms: [...words, ...groups],
  }
}

const literal = (text: string) => pg.escapeLiteral(text)
const uuid = (id: string) => `${literal(id)}::uuid`
/** As whole numbers: cosine asks for no length, and Postgres in WebAssembly takes 2 µs to read a fraction, a tenth of that for these. */
const direction = (embedding: number[]) => `'{${embedding.map((x) => Math.round(x * 1e5)).join(',')}}'::int[]::vector(512)`
const filterLiteral = (filter: IndexFilter | null | undefined) =>
  filter == null || Object.keys(filter).length === 0 ? 'null' : `${literal(JSON.stringify(filter))}::jsonb`
const textArray = (texts: string[]) => `array[${texts.map(literal).join(',')}]::text[]`
