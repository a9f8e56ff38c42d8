import { randomUUID } from 'node:crypto'
import type { PGlite } from '@electric-sql/pglite'
import { termsOf } from '../knowledge/terms.ts'
import { EMBEDDING_MODEL } from '../reasoning/embedder.ts'
import type { Corpus } from './corpus.ts'

export interface Filled {
  organizationId: string
  knowledgeBaseId: string
  ids: string[]
  /** The embeddings one after the other. */
  vectors: Float32Array
}

const BATCH = 1_000

/** Fills a base with passages as `knowledge.put` would, in bulk; the counts of terms follow with `countTerms`. */
export async function fill(database: PGlite, corpus: Corpus, size: number, told: (done: number) => void): Promise<Filled> {
  const base: Filled = {
    organizationId: randomUUID(),
    knowledgeBaseId: randomUUID(),
    ids: [],
    vectors: new Float32Array(size * 512),
  }
  for (let at = 0; at < size; at += BATCH) {
    const rows = Array.from({ length: Math.min(BATCH, size - at) }, (_, n) => {
      const { text, label, embedding } = corpus.next()
      const { words, groups } = termsOf(text)
      const id = randomUUID()
      base.ids.push(id)
      base.vectors.set(embedding, (at + n) * 512)
      return {
        id,
        text,
        label,
        embedding: `[${[...embedding].map((x) => x.toFixed(6)).join(',')}]`,
        words,
        terms: [...words, ...groups],
      }
    })
    await database.query(INSERT, [base.organizationId, base.knowledgeBaseId, JSON.stringify(rows), EMBEDDING_MODEL])
    told(at + rows.length)
  }
  return base
}

const INSERT = `with fresh as materialized (
  select * from jsonb_to_recordset($3::jsonb) r(id uuid, text text, label text, embedding text, words text[], terms text[])
), stored as (
  insert into knowledge.chunks (organization_id, id, knowledge_base_id, document_id, document_key, version, ordinal, text, label, starts, ends,
    embedding, terms, model)
  select $1::uuid, id, $2::uuid, id, id::text, 1, 0, text, label, 0, length(text), embedding::vector(512), terms, $4 from fresh
), keyed as (
  insert into knowledge.chunk_keys (organization_id, chunk_id, knowledge_base_id, sketch)
  select $1::uuid, id, $2::uuid, knowledge.sketch(embedding::vector(512)) from fresh
)
insert into knowledge.postings (organization_id, knowledge_base_id, word, chunk_id, length)
select $1::uuid, $2::uuid, word, id, cardinality(words) from fresh, unnest(words) as word`

export const countTerms = (database: PGlite) =>
  database.exec(`insert into knowledge.terms (organization_id, knowledge_base_id, term, chunks)
    select organization_id, knowledge_base_id, term, count(*) from knowledge.chunks, unnest(array_append(terms, '')) as term group by 1, 2, 3`)
