import { BadUserInputError, ConflictError } from '@signalbox/shared/errors'
import type { ActorKind } from '@signalbox/shared/actor'
import { keyed } from '../batch.ts'
import { toJson } from '../json.ts'
import type { Transaction } from '../tenant.ts'
import type { WorkflowVersion } from '../workflows/workflow-version.entity.ts'
import type { Workflow } from '../workflows/workflow.entity.ts'
import { checkAgainst } from './input-check.ts'
import type { RunNotifier } from './run-notifier.ts'
import type { RunJob, RunQueue } from './run-queue.ts'
import type { RunTrigger } from './run-status.ts'
import { Run } from './run.entity.ts'

/** What one run is started with. */
export interface RunItem {
  input: unknown
  caseId?: string | null | undefined
  /** A repeated start with this key gives the first run. */
  idempotencyKey?: string | null | undefined
  tags?: string[] | null | undefined
}

export interface RunsToCreate {
  organizationId: string
  workflow: Workflow
  version: WorkflowVersion
  trigger: RunTrigger
  actor: { kind: ActorKind; id: string }
  items: RunItem[]
  /** Where the caller gave an item's input, for faults: `input` unless given. */
  pathOf?: (index: number) => string
}

export interface CreatedRuns {
  /** In the order of the items. */
  runs: Run[]
  /** How many of them are new. */
  created: number
  /** Of the new ones; announce them after commit. */
  jobs: RunJob[]
}

interface CreatedRow {
  n: number
  run_id: string
  created: boolean
  same_input: boolean
}

/**
 * Checks the inputs, creates the runs with their first transition and queues them, in the caller's transaction: all or none.
 * @throws {BadUserInputError} {ConflictError} when an idempotency key was used with another input
 */
export async function createRuns(transaction: Transaction, queue: RunQueue, given: RunsToCreate): Promise<CreatedRuns> {
  const { organizationId, workflow, version, trigger, actor, items, pathOf = () => 'input' } = given
  items.forEach((item, index) => checkItem(version.definition.input, item, pathOf(index)))
  const rows = await transaction.query<CreatedRow>('select * from workflow.create_runs($1, $2, $3, $4, $5, $6) order by n', [
    organizationId,
    workflow.id,
    version.id,
    trigger,
    toJson(actor),
    toJson(items),
  ])
  const conflict = rows.find((row) => !row.same_input)
  if (conflict) throw new ConflictError('This idempotency key was used with another input.', { runId: conflict.run_id })
  const jobs = rows.filter((row) => row.created).map((row) => ({ organizationId, runId: row.run_id }))
  await queue.send(jobs, transaction.queue)
  const runs = keyed(await transaction.em.find(Run, { id: { $in: rows.map((row) => row.run_id) } }), 'id')
  return { runs: rows.map((row) => runs.get(row.run_id)!), created: jobs.length, jobs }
}

/** Tells subscribers and workers of new runs, after commit. */
export function announceRuns(notifier: RunNotifier, jobs: RunJob[]) {
  for (const { organizationId, runId } of jobs) notifier.moved(organizationId, runId)
  if (jobs.length > 0) notifier.queued()
}

const MAX_INPUT_BYTES = 256 * 1024

function checkItem(schema: object, { input, caseId, idempotencyKey, tags }: RunItem, path: string) {
  checkAgainst(schema, input, path, 'The input does not fit the workflow.')
  const faults = [
    JSON.stringify(input).length > MAX_INPUT_BYTES && { path, message: 'must be below 256 KB' },
    (caseId?.length ?? 0) > 200 && { path: path.replace(/input$/, 'caseId'), message: 'must have at most 200 characters' },
    (idempotencyKey?.length ?? 0) > 200 && {
      path: path.replace(/input$/, 'idempotencyKey'),
      message: 'must have at most 200 characters',
    },
    (tags ?? []).some((tag) => tag.length > 100) && {
      path: path.replace(/input$/, 'tags'),
      message: 'must have at most 100 characters each',
    },
  ].filter((fault) => fault !== false)
  if (faults.length > 0) throw new BadUserInputError('The request does not fit.', faults)
}
