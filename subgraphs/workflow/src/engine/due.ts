import type { Pool } from 'pg'
import type { ClockTask } from '../clock.ts'
import type { RunNotifier } from '../runs/run-notifier.ts'

const BATCH = 500
/** Fewer at a time: their runs stay locked until all of them are done. */
const REVIEWS = 100
const PRUNE_EVERY_MS = 60_000

/** What falls due in the engine: waits that end, what is next of open reviews, and what retention lets go. */
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
    name: 'reviews',
    everyMs,
    async run() {
      for (let moved = REVIEWS; moved === REVIEWS;) {
        const { rows } = await pool.query<{ organization_id: string; run_id: string; queued: boolean }>(
          'select * from workflow.reviews_due($1)',
          [REVIEWS],
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
