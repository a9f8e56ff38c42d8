import { BadUserInputError, ConflictError } from '@signalbox/shared/errors'
import type { ActorKind } from '@signalbox/shared/actor'
import { keyed } from '../batch.ts'
import { toJson } from '../json.ts'
import type { Transaction } from '../tenant.ts'
import type { WorkflowVersion } from '../workflows/workflow-version.entity.ts'
import type { Workflow } from '../workflows/workflow.entity.ts'
import { checkAgainst } from './input-check.ts'
import { queueingOf } from './queueing.ts'
import type { RunNotifier } from './run-notifier.ts'
import type { RunTrigger } from './run-status.ts'
import { Run } from './run.entity.ts'

/** What one run is started with. */
export interface RunItem {
  input: unknown
  caseId?: string | null | undefined
  /** A repeated start with this key gives the first run. */
  idempotencyKey?: string | null | undefined
  tags?: string[] | null | undefined
  /** Higher ones are taken first: -100 to 100, 0 unless given. */
  priority?: number | null | undefined
  /** A run that no worker took until then expires; by the workflow's limits unless given. */
  expiresAt?: Date | null | undefined
  /** Not before. */
  runAfter?: Date | null | undefined
  /** The run whose step waits for it, and how many runs led to it. */
  parentRunId?: string
  depth?: number
  /** Whether it counts towards the value; true unless given. */
  production?: boolean
  /** The run that it repeats or branched off from; with a checkpoint, where. */
  forkedFromId?: string
  forkedCheckpointId?: string
  /** The first transition's kind and sentence: QUEUED unless given. */
  kind?: 'FORKED'
  summary?: string
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

/** A run by its key. */
export interface RunKey {
  organizationId: string
  id: string
}

export interface CreatedRuns {
  /** In the order of the items. */
  runs: Run[]
  /** How many of them are new. */
  created: number
  /** The new ones; announce them after commit. */
  fresh: RunKey[]
}

interface CreatedRow {
  n: number
  run_id: string
  created: boolean
  same_input: boolean
}

/**
 * Checks the inputs and creates the runs, queued, with their first transition, in the caller's transaction: all or none.
 * @throws {BadUserInputError} {ConflictError} when an idempotency key was used with another input
 */
export async function createRuns(transaction: Transaction, given: RunsToCreate): Promise<CreatedRuns> {
  const { organizationId, workflow, version, trigger, actor, items, pathOf = () => 'input' } = given
  items.forEach((item, index) => checkItem(version.definition.input, item, pathOf(index)))
  const rows = await transaction.query<CreatedRow>('select * from workflow.create_runs($1, $2, $3, $4, $5, $6) order by n', [
    organizationId,
    workflow.id,
    version.id,
    trigger,
    toJson(actor),
    toJson(items.map((item) => ({ ...item, ...queueingOf(version.definition, workflow.id, item) }))),
  ])
  const conflict = rows.find((row) => !row.same_input)
  if (conflict) throw new ConflictError('This idempotency key was used with another input.', { runId: conflict.run_id })
  const fresh = rows.filter((row) => row.created).map((row) => ({ organizationId, id: row.run_id }))
  const runs = keyed(await transaction.em.find(Run, { id: { $in: rows.map((row) => row.run_id) } }), 'id')
  return { runs: rows.map((row) => runs.get(row.run_id)!), created: fresh.length, fresh }
}

/** Tells subscribers and workers of new runs, after commit. */
export function announceRuns(notifier: RunNotifier, fresh: RunKey[]) {
  for (const { organizationId, id } of fresh) notifier.moved(organizationId, id)
  if (fresh.length > 0) notifier.queued()
}

const MAX_INPUT_BYTES = 256 * 1024

function checkItem(schema: object, { input, caseId, idempotencyKey, tags, priority, expiresAt }: RunItem, path: string) {
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
    Math.abs(priority ?? 0) > 100 && { path: path.replace(/input$/, 'priority'), message: 'must be from -100 to 100' },
    expiresAt != null &&
      expiresAt.getTime() <= Date.now() && { path: path.replace(/input$/, 'expiresAt'), message: 'must lie ahead' },
  ].filter((fault) => fault !== false)
  if (faults.length > 0) throw new BadUserInputError('The request does not fit.', faults)
}
