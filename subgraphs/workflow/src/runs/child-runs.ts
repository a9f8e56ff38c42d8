import type { MikroORM } from '@mikro-orm/postgresql'
import { NotFoundError } from '@signalbox/shared/errors'
import type { ChildRun } from '../engine/session.ts'
import { inTransaction, managersOf } from '../tenant.ts'
import { findVersion } from '../workflows/find-version.ts'
import { announceRuns, createRuns } from './create-runs.ts'
import type { RunNotifier } from './run-notifier.ts'
import { RunTrigger } from './run-status.ts'

/** Starts a run for a step that waits for it, in its parent's organisation and case. The same key gives the same run. */
export async function startChildRun(
  orm: MikroORM,
  notifier: RunNotifier,
  { parent, workflow: name, version: number, input, idempotencyKey }: ChildRun,
): Promise<{ runId: string }> {
  const { organizationId, caseId, runId, depth, startedBy, production } = parent
  const created = await inTransaction(managersOf(orm, organizationId).fork(), async (transaction) => {
    const found = await findVersion(transaction, organizationId, name, number)
    if (found === null) throw Object.assign(new NotFoundError('published workflow'), { retryable: false })
    return createRuns(transaction, {
      ...found,
      organizationId,
      trigger: RunTrigger.RUN,
      actor: startedBy ?? { kind: 'SYSTEM', id: 'workflow' },
      items: [{ input, caseId, idempotencyKey, parentRunId: runId, depth: depth + 1, production }],
    })
  })
  announceRuns(notifier, created.fresh)
  return { runId: created.runs[0]!.id }
}
