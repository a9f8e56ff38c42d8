import { AppError, NotFoundError } from '@signalbox/shared/errors'
import type { ActorKind } from '@signalbox/shared/actor'
import { createRuns, type RunItem, type RunKey } from '../runs/create-runs.ts'
import type { RunNotifier } from '../runs/run-notifier.ts'
import type { RunTrigger } from '../runs/run-status.ts'
import type { Run } from '../runs/run.entity.ts'
import type { Transaction } from '../tenant.ts'
import { WorkflowVersion } from '../workflows/workflow-version.entity.ts'
import { Workflow } from '../workflows/workflow.entity.ts'

/** What triggers start runs with. */
export interface StartParts {
  notifier: RunNotifier
}

export interface TriggeredStart {
  organizationId: string
  workflowId: string
  /** The schedule, webhook or run event trigger. */
  triggerId: string
  trigger: RunTrigger
  actor: { kind: ActorKind; id: string }
  /** Runs before it in a chain of runs that started each other; 0 unless given. */
  depth?: number
  item: RunItem
}

export interface TriggeredRun {
  run: Run
  created: boolean
  /** Announce them after commit. */
  fresh: RunKey[]
}

/**
 * Starts a run of the workflow's current version in the caller's transaction, marked as this trigger's.
 * @throws {BadUserInputError} {ConflictError} {NotFoundError} before anything is written
 */
export async function startTriggered(transaction: Transaction, start: TriggeredStart): Promise<TriggeredRun> {
  const { organizationId, workflowId, triggerId, depth = 0, trigger, actor, item } = start
  const workflow = await transaction.em.findOne(Workflow, { organizationId, id: workflowId })
  const id = workflow?.currentVersionId
  const version = id == null ? null : await transaction.em.findOne(WorkflowVersion, { organizationId, id })
  if (workflow === null || version === null) throw new NotFoundError('published version of this workflow')
  const created = await createRuns(transaction, {
    organizationId,
    workflow,
    version,
    trigger,
    actor,
    items: [{ ...item, depth }],
  })
  const run = created.runs[0]!
  if (created.fresh.length > 0) {
    const mark = 'update workflow.runs set trigger_id = $3 where organization_id = $1 and id = $2'
    await transaction.query(mark, [organizationId, run.id, triggerId])
  }
  return { run, created: created.fresh.length > 0, fresh: created.fresh }
}

/** Why something did not start a run; shown to people. */
export interface StoredFault {
  code: string
  message: string
  fields?: { path: string; message: string }[]
}

/** An expected failure as it is stored. @throws anything else, on */
export function storedFault(error: unknown): StoredFault {
  if (!(error instanceof AppError)) throw error
  const { fields } = error.extensions as { fields?: StoredFault['fields'] }
  return { code: error.code, message: error.message, ...(fields && { fields: fields.slice(0, 20) }) }
}
