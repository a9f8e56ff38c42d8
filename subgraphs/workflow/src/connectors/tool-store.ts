import type { Transaction } from '../tenant.ts'
import { BUILT_IN } from './registry.ts'
import { Tool } from './tool.type.ts'

interface ToolRow {
  organization_id: string
  id: string
  name: string
  description: string
  kind: string
  settings: object
  account_id: string | null
  rate_per_minute: number
  enabled: boolean
  saved_by_kind: string
  saved_by_id: string
  saved_at: Date | string
}

/** A tool as it is called. */
export type UsableTool = Pick<Tool, 'name' | 'description' | 'kind' | 'settings' | 'accountId' | 'ratePerMinute' | 'enabled'>

/** The active organisation's own, by name. */
export async function readTools({ query }: Transaction): Promise<Tool[]> {
  return (await query<ToolRow>('select * from workflow.tools order by name')).map(toolOf)
}

/** The tools of those names that are there: the organisation's own, else those that need no configuration. */
export async function findTools({ query }: Transaction, names: readonly string[]): Promise<UsableTool[]> {
  const own = (await query<ToolRow>('select * from workflow.tools where name = any ($1)', [names])).map(toolOf)
  return names.flatMap((name) => own.find((tool) => tool.name === name) ?? builtIn(name) ?? [])
}

function builtIn(name: string): UsableTool | undefined {
  const connector = BUILT_IN.find(({ kind }) => kind === name)
  if (connector === undefined) return undefined
  const { kind, description, rateLimit } = connector
  return { name, description, kind, settings: {}, accountId: null, ratePerMinute: rateLimit, enabled: true }
}

/** Adds a tool or changes the one of that id. @throws when the name is another's (23505) or the account is not there (23503) */
export async function writeTool({ query }: Transaction, tool: Omit<Tool, 'savedAt'>): Promise<Tool> {
  const [row] = await query<ToolRow>(
    `insert into workflow.tools (organization_id, id, name, description, kind, settings, account_id, rate_per_minute, enabled, saved_by_kind, saved_by_id)
     values ($1, $2, $3, $4, $5, $6::jsonb, $7, $8, $9, $10, $11)
     on conflict (organization_id, id) do update set name = excluded.name, description = excluded.description, kind = excluded.kind,
       settings = excluded.settings, account_id = excluded.account_id, rate_per_minute = excluded.rate_per_minute, enabled = excluded.enabled,
       saved_by_kind = excluded.saved_by_kind, saved_by_id = excluded.saved_by_id, saved_at = excluded.saved_at
     returning *`,
    [
      tool.organizationId,
      tool.id,
      tool.name,
      tool.description,
      tool.kind,
      JSON.stringify(tool.settings),
      tool.accountId,
      tool.ratePerMinute,
      tool.enabled,
      tool.savedByKind,
      tool.savedById,
    ],
  )
  return toolOf(row!)
}

export async function removeTool({ query }: Transaction, id: string): Promise<Tool | undefined> {
  const [row] = await query<ToolRow>('delete from workflow.tools where id = $1 returning *', [id])
  return row && toolOf(row)
}

const toolOf = (row: ToolRow): Tool =>
  Object.assign(new Tool(), {
    organizationId: row.organization_id,
    id: row.id,
    name: row.name,
    description: row.description,
    kind: row.kind,
    settings: row.settings,
    accountId: row.account_id,
    ratePerMinute: row.rate_per_minute,
    enabled: row.enabled,
    savedByKind: row.saved_by_kind,
    savedById: row.saved_by_id,
    savedAt: new Date(row.saved_at),
  })
