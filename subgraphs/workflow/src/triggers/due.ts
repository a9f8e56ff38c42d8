import type { MikroORM } from '@mikro-orm/postgresql'
import type { Logger } from '@signalbox/shared/logger'
import { announceRuns } from '../runs/create-runs.ts'
import type { RunJob } from '../runs/run-queue.ts'
import { inTransaction, managersOf, type Transaction } from '../tenant.ts'
import type { StartParts } from './start-triggered.ts'

/** What the clock's tasks of a worker fire triggers with. */
export interface FiringParts extends StartParts {
  orm: MikroORM
  log: Logger
}

/** Something due, of any organisation. */
export interface DueRow {
  organization_id: string
  id: string
}

interface Acts {
  /** In a transaction of its own; the runs that it started are announced after it. */
  act(row: DueRow): Promise<RunJob[]>
  /** What failed unexpectedly waits, so that it does not stand before others. */
  postpone(transaction: Transaction, row: DueRow): Promise<unknown>
}

/** Acts on each in turn; a failure of one does not keep the others. */
export async function actOnDue({ orm, notifier, log }: FiringParts, due: DueRow[], { act, postpone }: Acts): Promise<void> {
  for (const row of due) {
    try {
      announceRuns(notifier, await act(row))
    } catch (error) {
      log.warn({ err: error, organizationId: row.organization_id, id: row.id }, 'a trigger could not be fired; it comes again')
      await inTransaction(managersOf(orm, row.organization_id).fork(), (transaction) => postpone(transaction, row))
    }
  }
}

/** The database's clock, which decides in every process. */
export async function databaseNow({ query }: Transaction): Promise<Date> {
  const [row] = await query<{ now: Date | string }>('select clock_timestamp() as now')
  return new Date(row!.now)
}
