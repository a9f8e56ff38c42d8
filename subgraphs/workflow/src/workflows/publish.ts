import type { Audit } from '@signalbox/shared/audit'
import type { Transaction } from '../tenant.ts'
import { appendEvent } from '@signalbox/shared/events/append-event'
import { toJson } from '../json.ts'
import { workflowDefinition } from './definition.ts'
import type { ShippedWorkflow } from './shipped.ts'

export interface Publication extends ShippedWorkflow {
  organizationId: string
}

/** Makes the definition the current version of its workflow, unless it is already; gives whether it was new. */
export async function publish(
  { em, query }: Transaction,
  { organizationId, slug, name, description, definition: document }: Publication,
  audit: Audit,
): Promise<boolean> {
  const definition = workflowDefinition.parse(document)
  const [workflow] = await query<{ id: string; current_version_id: string | null }>(
    `insert into workflow.workflows (organization_id, slug, name, description) values ($1, $2, $3, $4)
     on conflict (organization_id, slug) do update set name = excluded.name, description = excluded.description returning id, current_version_id`,
    [organizationId, slug, name, description],
  )
  const [version] = await query<{ id: string; number: number }>(
    `insert into workflow.workflow_versions (organization_id, workflow_id, number, definition, published_at)
     select $1, $2, coalesce((select max(number) from workflow.workflow_versions where organization_id = $1 and workflow_id = $2), 0) + 1, $3, clock_timestamp()
     where not exists (select from workflow.workflow_versions where organization_id = $1 and id = $4 and definition = $3) returning id, number`,
    [organizationId, workflow!.id, toJson(definition), workflow!.current_version_id],
  )
  if (version === undefined) return false
  await query('update workflow.workflows set current_version_id = $3 where organization_id = $1 and id = $2', [
    organizationId,
    workflow!.id,
    version.id,
  ])
  await appendEvent(em, organizationId, 'workflow.published', {
    workflowId: workflow!.id,
    slug,
    name,
    versionId: version.id,
    number: version.number,
  })
  await audit.record(em, organizationId, {
    action: 'workflow.published',
    outcome: 'ALLOWED',
    target: { type: 'Workflow', id: workflow!.id },
    details: { slug, version: version.number },
  })
  return true
}
