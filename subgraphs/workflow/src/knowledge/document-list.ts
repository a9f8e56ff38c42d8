import type { EntityManager } from '@mikro-orm/postgresql'
import { decodeCursor, pageSize, toConnection } from '@signalbox/shared/connection'
import { checkId } from '../tenant.ts'
import { DocumentVersion } from './document-version.entity.ts'
import { Document } from './document.entity.ts'
import type { KnowledgeBase } from './knowledge-base.entity.ts'
import type { KnowledgeBases } from './knowledge-bases.ts'

export interface DocumentsWanted {
  /** In key, title, label or text. */
  search?: string | null | undefined
  /** Only this one. */
  id?: string | null | undefined
  first?: number | null | undefined
  after?: string | null | undefined
}

const COLUMNS = `organization_id, id, knowledge_base_id, key, title, label, version, format, source, content_hash, indexed_hash, duplicate_of,
  chunks, created_at, updated_at, left(text, 240) as excerpt`

/** The documents of bases, newest first. */
export class DocumentList {
  constructor(private readonly bases: KnowledgeBases) {}

  async page(base: KnowledgeBase, { search, id, first, after }: DocumentsWanted) {
    const size = pageSize(first)
    const last = after == null ? null : checkId(String(decodeCursor(after)), 'page')
    const words = search?.trim() ?? ''
    const only = id == null ? null : checkId(id, 'document')
    const where = `organization_id = ? and knowledge_base_id = ? and (? = '' or concat_ws(' ', key, title, label, text) ilike ?)
      and (?::uuid is null or id = ?::uuid)`
    const pattern = `%${words.replaceAll(/[\\%_]/g, String.raw`\$&`)}%`
    const values = [base.organizationId, base.id, words, pattern, only, only]
    const rows = await this.bases.run(async (em) =>
      (
        await em.execute<object[]>(
          `select ${COLUMNS} from workflow.documents where ${where} and (?::uuid is null or id < ?::uuid) order by id desc limit ?`,
          [...values, last, last, size + 1],
        )
      ).map((row) => toDocument(em, row)),
    )
    const count = async () => {
      const [row] = await this.bases.run((em) =>
        em.execute<{ n: string }[]>(`select count(*) as n from workflow.documents where ${where}`, values),
      )
      return Number(row!.n)
    }
    return toConnection(rows, size, ({ id }) => id, count, last !== null)
  }

  /** Newest first. */
  versions({ organizationId, id }: Document): Promise<DocumentVersion[]> {
    return this.bases.run((em) =>
      em.find(DocumentVersion, { organizationId, documentId: id }, { orderBy: { version: 'desc' }, limit: 100 }),
    )
  }
}

function toDocument(em: EntityManager, row: object): Document {
  const { excerpt, ...columns } = row as { excerpt: string }
  return Object.assign(em.map(Document, columns), { excerpt })
}
