import { batched, keyed } from '../batch.ts'
import { Run } from '../runs/run.entity.ts'
import type { Tenant } from '../tenant.ts'

/** The latest run that each trigger started, of all that are asked for within one turn. */
export const latestRuns = (tenant: Tenant) =>
  batched<Run & { triggerId: string }>(async (triggerIds) => {
    const rows = await tenant.transaction(async ({ em, query }) => {
      const found = await query<{ trigger_id: string }>(
        `select r.* from unnest($1::uuid[]) as wanted (id)
         cross join lateral (select * from workflow.runs where organization_id = any ($2::uuid[]) and trigger_id = wanted.id order by id desc limit 1) r`,
        [triggerIds, tenant.viewer.organizationIds],
      )
      return found.map((row) => Object.assign(em.map(Run, row), { triggerId: row.trigger_id }))
    })
    return keyed(rows, 'triggerId')
  })
