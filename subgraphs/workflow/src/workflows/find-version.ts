import { isUuid } from '@signalbox/shared/ids'
import { toText } from '../json.ts'
import type { Transaction } from '../tenant.ts'
import { WorkflowVersion } from './workflow-version.entity.ts'
import { Workflow } from './workflow.entity.ts'

/** A published version of an organisation's workflow, by id or slug: the current one unless a number is given. Null when there is none. */
export async function findVersion(
  { em }: Transaction,
  organizationId: string,
  name: string,
  number: number | null,
): Promise<{ workflow: Workflow; version: WorkflowVersion } | null> {
  const workflow = await em.findOne(Workflow, { organizationId, ...(isUuid(name) ? { id: name } : { slug: toText(name) }) })
  if (workflow === null) return null
  if (number === null && workflow.currentVersionId === null) return null
  const version = await em.findOne(
    WorkflowVersion,
    number === null ? { organizationId, id: workflow.currentVersionId! } : { organizationId, workflowId: workflow.id, number },
  )
  return version === null || version.publishedAt === null ? null : { workflow, version }
}
