import type { EntityManager } from '@mikro-orm/postgresql'
import { NotFoundError, UnavailableError } from '@signalbox/shared/errors'
import { isUuid } from '@signalbox/shared/ids'
import { EMBEDDING_MODEL } from '../reasoning/embedder.ts'
import { isConnectionFailure } from '../tenant.ts'
import { KnowledgeBase } from './knowledge-base.entity.ts'
import { checkText, cleaned, LIMITS } from './knowledge.faults.ts'

/** Where managers come from: a `Tenant`, or a manager that has its session settings. */
export interface ManagerSource {
  fork(): EntityManager
}

export interface BaseSizes {
  documents: number
  /** Passages that can be found. */
  chunks: number
  /** Documents that the index does not hold yet. */
  waiting: number
}

/** The rows of knowledge bases as one caller may see them. What another organisation owns is not there. */
export class KnowledgeBases {
  constructor(private readonly managers: ManagerSource) {}

  list(): Promise<KnowledgeBase[]> {
    return this.run((em) => em.find(KnowledgeBase, {}, { orderBy: { name: 'asc', id: 'asc' } }))
  }

  /** In the order of the names; a name that is not there is left out. Of two with one name, the given organisation's. */
  async byNames(names: string[], organizationId?: string): Promise<KnowledgeBase[]> {
    if (names.length === 0) return []
    const found = await this.run((em) => em.find(KnowledgeBase, { name: { $in: names } }, { orderBy: { id: 'asc' } }))
    const preferred = [...found].sort(
      (a, b) => Number(b.organizationId === organizationId) - Number(a.organizationId === organizationId),
    )
    return names.flatMap((name) => preferred.find((base) => base.name === name) ?? [])
  }

  /** By name or id. @throws {NotFoundError} for an unknown one and for another organisation's alike */
  async find(nameOrId: string, organizationId?: string): Promise<KnowledgeBase> {
    const [named] = await this.byNames([nameOrId], organizationId)
    const base = named ?? (isUuid(nameOrId) ? await this.run((em) => em.findOne(KnowledgeBase, { id: nameOrId })) : null)
    if (base === null || base === undefined) throw new NotFoundError('knowledge base')
    return base
  }

  /** One that the caller may write to. @throws {NotFoundError} */
  async own(nameOrId: string, organizationId: string): Promise<KnowledgeBase> {
    const base = await this.find(nameOrId, organizationId)
    if (base.organizationId !== organizationId) throw new NotFoundError('knowledge base')
    return base
  }

  /** The base with this name; made when it is missing. */
  async create(organizationId: string, name: string): Promise<KnowledgeBase> {
    checkText('input.name', name, LIMITS.name)
    await this.run((em) =>
      em.execute(
        `insert into workflow.knowledge_bases (organization_id, name, embedding_model) values (?, ?, ?)
         on conflict (organization_id, name) do nothing`,
        [organizationId, cleaned(name).trim(), EMBEDDING_MODEL],
      ),
    )
    return this.own(cleaned(name).trim(), organizationId)
  }

  async sizes(base: KnowledgeBase): Promise<BaseSizes> {
    const [row] = await this.run((em) =>
      em.execute<Record<keyof BaseSizes, string>[]>(
        `select count(*) as documents, coalesce(sum(chunks) filter (where indexed_hash is not null), 0) as chunks,
           count(*) filter (where duplicate_of is null and (indexed_hash is distinct from content_hash or indexed_model is distinct from ?)) as waiting
         from workflow.documents where organization_id = ? and knowledge_base_id = ?`,
        [EMBEDDING_MODEL, base.organizationId, base.id],
      ),
    )
    return { documents: Number(row!.documents), chunks: Number(row!.chunks), waiting: Number(row!.waiting) }
  }

  /** @throws {UnavailableError} when the database cannot be reached */
  async run<T>(work: (em: EntityManager) => Promise<T>): Promise<T> {
    try {
      return await work(this.managers.fork())
    } catch (error) {
      throw isConnectionFailure(error) ? new UnavailableError('workflow database') : error
    }
  }

  /** The same in one transaction. */
  transaction<T>(work: (em: EntityManager) => Promise<T>): Promise<T> {
    return this.run((em) => em.transactional(work))
  }
}
