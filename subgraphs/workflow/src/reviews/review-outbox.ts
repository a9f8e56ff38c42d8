import pg from 'pg'
import type { Logger } from '@signalbox/shared/logger'
import { Clock } from '../clock.ts'
import { RunNotifier } from '../runs/run-notifier.ts'
import { reviewDeliveries, type DeliveryParts } from './review-deliveries.ts'
import { reviewNotices } from './review-notices.ts'

export interface ReviewOutboxOptions extends Pick<DeliveryParts, 'orm' | 'envelope' | 'egress'> {
  databaseUrl: string
  /** Where the dashboard is. */
  publicUrl: string
  everyMs: number
  log: Logger
}

/** Tells the outside of reviews: mails when they open, are due or are passed on, and decisions for n8n. Any worker tells of all. */
export function startReviewOutbox({ databaseUrl, publicUrl, everyMs, log, ...parts }: ReviewOutboxOptions): AsyncDisposable {
  const pool = new pg.Pool({ connectionString: databaseUrl, max: 2, connectionTimeoutMillis: 5_000, keepAlive: true })
  pool.on('error', (error) => log.warn({ err: error }, 'a database connection was lost'))
  const notifier = new RunNotifier(pool, log)
  const tasks = [reviewNotices(pool, publicUrl, everyMs), reviewDeliveries({ ...parts, pool, notifier, log }, everyMs)]
  const clock = new Clock(tasks, log)
  return {
    async [Symbol.asyncDispose]() {
      await clock[Symbol.asyncDispose]()
      await notifier.flush()
      await pool.end()
    },
  }
}
