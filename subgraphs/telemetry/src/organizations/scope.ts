import type { EntityManager } from '@mikro-orm/postgresql'
import { findWorkflow, type KnownWorkflow } from '../workflows/workflow.service.ts'

/** What a figure is about: whose cases, and of which workflow. */
export interface Scope {
  /** As a Postgres array of ids: `{a,b}`. */
  organizations: string
  workflow: KnownWorkflow | null
}

/** An organisation and, where it is an agency, its clients. The policies hide those that the viewer may not read. */
export async function organizationsOf(em: EntityManager, organizationId: string): Promise<string> {
  const clients = await em.execute<{ id: string }[]>(
    'select organization_id as id from telemetry.organization where agency_id = ?',
    [organizationId],
  )
  return `{${[organizationId, ...clients.map((client) => client.id)].join(',')}}`
}

/** @throws {NotFoundError} for a workflow that is not there, or not the viewer's */
export async function scopeOf(em: EntityManager, organizationId: string, workflow: string | null): Promise<Scope> {
  const organizations = await organizationsOf(em, organizationId)
  return { organizations, workflow: workflow === null ? null : await findWorkflow(em, organizations, workflow) }
}

/** The condition of a scope over a table with `organization_id`, `workflow_id` and `workflow_slug`, and its parameters. */
export function inScope({ organizations, workflow }: Scope): { sql: string; params: string[] } {
  const own = 'organization_id = any (?::uuid[])'
  if (workflow === null) return { sql: own, params: [organizations] }
  if (workflow.id !== null) return { sql: `${own} and workflow_id = ?::uuid`, params: [organizations, workflow.id] }
  return { sql: `${own} and workflow_slug = ?`, params: [organizations, workflow.slug] }
}
