import type { EntityManager } from '@mikro-orm/postgresql'
import { NotFoundError } from '@signalbox/shared/errors'
import { isUuid } from '@signalbox/shared/ids'

export interface KnownWorkflow {
  /** Null where only the slug is known: a baseline can be there before the workflow is. */
  id: string | null
  slug: string
}

/**
 * Finds a workflow by id or slug among the given organisations.
 * @throws {NotFoundError} when none of them has it
 */
export async function findWorkflow(em: EntityManager, organizations: string, idOrSlug: string): Promise<KnownWorkflow> {
  const byId = isUuid(idOrSlug)
  const where = byId ? 'workflow_id = ?::uuid' : 'slug = ?'
  const [known] = await em.execute<KnownWorkflow[]>(
    `select ${byId ? 'id' : 'null as id'}, slug from (
       select workflow_id as id, workflow_id, slug from telemetry.workflow where organization_id = any (?::uuid[])
       union all select workflow_id, workflow_id, workflow_slug from telemetry.cases where organization_id = any (?::uuid[]) and workflow_id is not null
       union all select null, null, workflow from telemetry.baseline where organization_id = any (?::uuid[])
       union all select null, null, workflow from telemetry.engagement where organization_id = any (?::uuid[])
     ) known where ${where} limit 1`,
    [organizations, organizations, organizations, organizations, idOrSlug],
  )
  if (known === undefined) throw new NotFoundError('workflow')
  return known
}
