import type { MikroORM } from '@mikro-orm/postgresql'
import type { Logger } from '@signalbox/shared/logger'
import { announceRuns, type RunKey } from '../runs/create-runs.ts'

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
  /** What is due, oldest first, as many as this at most. */
  list(transaction: Transaction, limit: number): Promise<DueRow[]>
  /** In a transaction of its own; the runs that it started are announced after it. Null: somebody else has it. */
  act(row: DueRow): Promise<RunKey[] | null>
  /** What failed unexpectedly waits, so that it does not stand before others. */
  postpone(transaction: Transaction, row: DueRow): Promise<unknown>
}

const PORTION = 25

/** Acts on all that is due, each in turn; a failure of one does not keep the others. */
export async function actOnDue({ orm, notifier, log }: FiringParts, { list, act, postpone }: Acts): Promise<void> {
  for (;;) {
    const due = await inTransaction(orm.em.fork(), (transaction) => list(transaction, PORTION))
    let acted = 0
    for (const row of due) {
      const fresh = await attempt(row)
      if (fresh !== null) acted += 1
      announceRuns(notifier, fresh ?? [])
    }
    // What is left is somebody else's just now.
    if (due.length < PORTION || acted === 0) return
  }

  async function attempt(row: DueRow): Promise<RunKey[] | null> {
    try {
      return await act(row)
    } catch (error) {
      log.warn({ err: error, organizationId: row.organization_id, id: row.id }, 'a trigger could not be fired; it comes again')
      await inTransaction(managersOf(orm, row.organization_id).fork(), (transaction) => postpone(transaction, row))
      return []
    }
  }
}

/** The database's clock, which decides in every process. */
export async function databaseNow({ query }: Transaction): Promise<Date> {
  const [row] = await query<{ now: Date | string }>('select clock_timestamp() as now')
  return new Date(row!.now)
}
