import type { Pool } from 'pg'
import type { ClockTask } from '../clock.ts'
import type { RunNotifier } from '../runs/run-notifier.ts'

const BATCH = 500
/** Runs of a bulk operation, and open reviews, in one transaction: their runs stay locked until all of them are done. */
const FEW = 100
const PRUNE_EVERY_MS = 60_000

/** What falls due in the engine: waits that end, runs that nobody took, what is next of open reviews, bulk operations, and what retention lets go. */
export const dueTasks = (pool: Pick<Pool, 'query'>, notifier: RunNotifier, everyMs: number): ClockTask[] => [
  {
    name: 'waits',
    everyMs,
    async run() {
      const { rows } = await pool.query<{ organization_id: string; run_id: string }>('select * from workflow.wake_due($1)', [
        BATCH,
      ])
      for (const row of rows) notifier.moved(row.organization_id, row.run_id)
      if (rows.length > 0) notifier.queued()
    },
  },
  {
    name: 'expiry',
    everyMs,
    async run() {
      const { rows } = await pool.query<{ organization_id: string; run_id: string }>('select * from workflow.expire_runs($1)', [
        BATCH,
      ])
      for (const row of rows) notifier.moved(row.organization_id, row.run_id)
    },
  },
  {
    name: 'bulk operations',
    everyMs,
    async run() {
      for (let moved = FEW; moved >= FEW;) moved = await stepBulk(pool, notifier)
    },
  },
  {
    name: 'reviews',
    everyMs,
    async run() {
      for (let moved = FEW; moved >= FEW;) {
        const { rows } = await pool.query<{ organization_id: string; run_id: string; queued: boolean }>(
          'select * from workflow.reviews_due($1)',
          [FEW],
        )
        for (const row of rows) notifier.moved(row.organization_id, row.run_id)
        if (rows.some(({ queued }) => queued)) notifier.queued()
        moved = rows.length
      }
    },
  },
  {
    name: 'retention',
    everyMs: PRUNE_EVERY_MS,
    async run() {
      for (let gone = BATCH; gone >= BATCH;) {
        const { rows } = await pool.query<{ gone: number }>('select workflow.prune($1) as gone', [BATCH])
        gone = rows[0]!.gone
      }
    },
  },
]

interface Moved {
  organization_id: string
  run_id: string
  queued: boolean
  stops: boolean
}

/** Gives how many runs moved. */
async function stepBulk(pool: Pick<Pool, 'query'>, notifier: RunNotifier): Promise<number> {
  const { rows } = await pool.query<Moved>('select * from workflow.step_bulk($1)', [FEW])
  for (const row of rows) notifier.moved(row.organization_id, row.run_id)
  if (rows.some(({ queued }) => queued)) notifier.queued()
  if (rows.some(({ stops }) => stops)) notifier.control()
  return rows.length
}
