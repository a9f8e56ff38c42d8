import type { ActorKind } from '@signalbox/shared/actor'
import type { Audit } from '@signalbox/shared/audit'
import { BadUserInputError } from '@signalbox/shared/errors'
import { appendEvent } from '@signalbox/shared/events/append-event'
import type { z } from 'zod'
import { toJson } from '../json.ts'
import type { Transaction } from '../tenant.ts'
import { checkDefinition } from './check-definition.ts'
import type { WorkflowDefinition, workflowDefinition } from './definition.ts'

export interface Publication {
  organizationId: string
  slug: string
  name: string
  description: string | null
  definition: z.input<typeof workflowDefinition>
  /** Who publishes it; the installation itself unless given. */
  by?: { kind: ActorKind; id: string }
  note?: string | null
  /** The number of the version that it makes current again. */
  restores?: number
}

/** What stands after publishing. */
export interface Published {
  workflowId: string
  versionId: string
  number: number
  /** False when the current version was the same already. */
  created: boolean
}

/** Makes the definition the current version of its workflow, unless it is already; gives whether it was new. @throws {BadUserInputError} */
export const publish = async (transaction: Transaction, publication: Publication, audit: Audit): Promise<boolean> =>
  (await publishVersion(transaction, publication, audit)).created

/** @throws {BadUserInputError} with every fault of the definition */
export async function publishVersion(transaction: Transaction, publication: Publication, audit: Audit): Promise<Published> {
  const definition = soundDefinition(publication.definition)
  const { query } = transaction
  const { organizationId, slug, name, description } = publication
  // Holds the workflow's row until the end: versions are numbered one after the other.
  const [workflow] = await query<{ id: string; current_version_id: string | null }>(
    `insert into workflow.workflows (organization_id, slug, name, description) values ($1, $2, $3, $4)
     on conflict (organization_id, slug) do update set name = excluded.name, description = excluded.description returning id, current_version_id`,
    [organizationId, slug, name, description],
  )
  const { id, current_version_id: current } = workflow!
  const version = await insertVersion(transaction, publication, id, definition, current)
  if (version === undefined) return { workflowId: id, ...(await numberOf(transaction, organizationId, current!)), created: false }
  const published = { workflowId: id, versionId: version.id, number: version.number, created: true }
  await query('update workflow.workflows set current_version_id = $3 where organization_id = $1 and id = $2', [
    organizationId,
    id,
    version.id,
  ])
  await announce(transaction, publication, published, audit)
  return published
}

/** @throws {BadUserInputError} with every fault, its path under `input.definition` */
export function soundDefinition(document: unknown): WorkflowDefinition {
  const checked = checkDefinition(document)
  if ('definition' in checked) return checked.definition
  const { faults } = checked
  const first = faults[0]!
  const more = faults.length === 1 ? '' : ` There are ${faults.length} faults.`
  throw new BadUserInputError(
    `The definition cannot be published: ${first.path || 'it'} ${first.message}.${more}`,
    faults.map(({ path, message }) => ({ path: path === '' ? 'input.definition' : `input.definition.${path}`, message })),
  )
}

async function insertVersion(
  { query }: Transaction,
  { organizationId, by, note, restores }: Publication,
  workflowId: string,
  definition: WorkflowDefinition,
  current: string | null,
) {
  const [version] = await query<{ id: string; number: number }>(
    `insert into workflow.workflow_versions (organization_id, workflow_id, number, definition, published_at, published_by_kind, published_by_id,
       note, restores)
     select $1, $2, coalesce((select max(number) from workflow.workflow_versions where organization_id = $1 and workflow_id = $2), 0) + 1, $3,
       clock_timestamp(), $5, $6, $7, $8
     where not exists (select from workflow.workflow_versions where organization_id = $1 and id = $4 and definition = $3) returning id, number`,
    [
      organizationId,
      workflowId,
      toJson(definition),
      current,
      by?.kind ?? 'SYSTEM',
      by?.id ?? 'installation',
      note ?? null,
      restores ?? null,
    ],
  )
  return version
}

async function numberOf({ query }: Transaction, organizationId: string, versionId: string) {
  const [row] = await query<{ number: number }>(
    'select number from workflow.workflow_versions where organization_id = $1 and id = $2',
    [organizationId, versionId],
  )
  return { versionId, number: row!.number }
}

async function announce(
  { em }: Transaction,
  { organizationId, slug, name, restores }: Publication,
  { workflowId, versionId, number }: Published,
  audit: Audit,
) {
  await appendEvent(em, organizationId, 'workflow.published', { workflowId, slug, name, versionId, number })
  await audit.record(em, organizationId, {
    action: restores === undefined ? 'workflow.published' : 'workflow.rolled_back',
    outcome: 'ALLOWED',
    target: { type: 'Workflow', id: workflowId },
    details: { slug, version: number, ...(restores === undefined ? {} : { restores }) },
  })
}
