import type { RunKey } from '../../runs/create-runs.ts'

import { RunTrigger, type RunStatus } from '../../runs/run-status.ts'
import { inTransaction, managersOf, type Transaction } from '../../tenant.ts'
import { actOnDue, type DueRow, type FiringParts } from '../due.ts'
import { applyMapping, holds } from '../mapping.ts'
import { startTriggered, storedFault, type StoredFault } from '../start-triggered.ts'
import { RunEventOutcome, RunEventTrigger } from './run-event-trigger.entity.ts'

/** Runs that started each other, one after the other; so many and no more. */
export const MAX_DEPTH = 8
const ACTOR = { kind: 'SYSTEM', id: 'run' } as const

interface EndedRun {
  id: string
  workflow_id: string
  status: RunStatus
  input: unknown
  output: unknown
  failure: unknown
  case_id: string
  tags: string[]
  depth: number
}

/**
 * Starts what waits for the end of runs, of all organisations. An end was noted in the transaction that ended the run; the note goes in
 * the one that acts on it, so any number of processes may do this and none is lost or done twice.
 */
export async function fireRunEvents(parts: FiringParts): Promise<void> {
  await actOnDue(parts, {
    list: ({ query }, limit) => query<DueRow>('select * from workflow.due_run_endings($1)', [limit]),
    act: (row) => dealWith(parts, row),
    postpone: ({ query }, { id }) =>
      query(`update workflow.run_endings set due_at = clock_timestamp() + interval '1 minute' where id = $1`, [id]),
  })
}

function dealWith(parts: FiringParts, { organization_id, id }: DueRow): Promise<RunKey[] | null> {
  return inTransaction(managersOf(parts.orm, organization_id).fork(), async (transaction) => {
    const [ending] = await transaction.query<{ run_id: string; status: RunStatus }>(
      `delete from workflow.run_endings where (organization_id, id) in
         (select organization_id, id from workflow.run_endings where organization_id = $1 and id = $2 for update skip locked)
       returning run_id, status`,
      [organization_id, id],
    )
    if (ending === undefined) return null
    const [run] = await transaction.query<EndedRun>('select * from workflow.runs where organization_id = $1 and id = $2', [
      organization_id,
      ending.run_id,
    ])
    const fresh: RunKey[] = []
    // As it ended: tried again meanwhile, it stands elsewhere.
    const ended = { ...run!, status: ending.status }
    for (const trigger of await triggersFor(transaction, organization_id, ended)) {
      fresh.push(...(await fire(transaction, parts, trigger, ended)))
    }
    return fresh
  })
}

async function triggersFor({ em, query }: Transaction, organizationId: string, run: EndedRun): Promise<RunEventTrigger[]> {
  const rows = await query<object>(
    `select t.* from workflow.run_event_triggers t
     where t.organization_id = $1 and t.source_workflow_id = $2 and t.enabled and $3 = any (t.statuses)
       and not exists (select from workflow.run_event_firings f
         where f.organization_id = $1 and f.trigger_id = t.id and f.source_run_id = $4)
     order by t.id`,
    [organizationId, run.workflow_id, run.status, run.id],
  )
  return rows.map((row) => em.map(RunEventTrigger, row))
}

async function fire(transaction: Transaction, parts: FiringParts, trigger: RunEventTrigger, run: EndedRun): Promise<RunKey[]> {
  const { id, status, input, output, failure, tags } = run
  const values = { run: { id, status, input, output, failure, caseId: run.case_id, tags } }
  if (trigger.condition !== null && !holds(trigger.condition, values)) return []
  const depth = run.depth + 1
  if (depth > MAX_DEPTH) {
    const message = `${MAX_DEPTH} runs have started each other already; a longer chain is taken for one without an end.`
    await note(transaction, trigger, run, RunEventOutcome.REFUSED, null, { code: 'CHAIN_TOO_LONG', message })
    return []
  }
  try {
    const started = await startTriggered(transaction, {
      organizationId: trigger.organizationId,
      workflowId: trigger.workflowId,
      triggerId: trigger.id,
      trigger: RunTrigger.RUN,
      actor: ACTOR,
      depth,
      item: { ...applyMapping(trigger.mapping, values), idempotencyKey: `run:${trigger.id}:${run.id}` },
    })
    await note(transaction, trigger, run, RunEventOutcome.STARTED, started.run.id, null)
    return started.fresh
  } catch (error) {
    await note(transaction, trigger, run, RunEventOutcome.FAILED, null, storedFault(error))
    return []
  }
}

async function note(
  { query }: Transaction,
  { organizationId, id }: RunEventTrigger,
  source: EndedRun,
  outcome: RunEventOutcome,
  runId: string | null,
  fault: StoredFault | null,
) {
  await query(
    `insert into workflow.run_event_firings (organization_id, trigger_id, source_run_id, outcome, run_id, fault)
     values ($1, $2, $3, $4, $5, $6) on conflict do nothing`,
    [organizationId, id, source.id, outcome, runId, fault === null ? null : JSON.stringify(fault)],
  )
}
