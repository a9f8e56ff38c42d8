import { PgBoss, type Db } from 'pg-boss'
import type { Logger } from '@signalbox/shared/logger'

/** A job holds ids only: whoever executes it sets the tenancy from them, and the run's row says what is to be done. */
export interface RunJob {
  organizationId: string
  runId: string
}

export const RUN_QUEUE = 'runs'

export interface RunQueueOptions {
  url: string
  log: Logger
  /** Whether this process also looks after the queue's own tables (a worker does). */
  supervise?: boolean
  poolSize?: number
}

/**
 * The queue of runs to execute: pg-boss in the schema `queue`. It starts with the first use and again after a failure, so a database
 * that is down at start is no fault.
 */
export class RunQueue implements AsyncDisposable {
  readonly #boss: PgBoss
  #started: Promise<PgBoss> | undefined

  constructor({ url, log, supervise = false, poolSize = 2 }: RunQueueOptions) {
    this.#boss = new PgBoss({
      connectionString: url,
      schema: 'queue',
      max: poolSize,
      migrate: false,
      createSchema: false,
      supervise,
      schedule: false,
      registerInstance: false,
      reindex: false,
      monitorVacuum: false,
    })
    // Without a listener a lost connection would end the process.
    this.#boss.on('error', (error) => log.warn({ err: error }, 'queue'))
  }

  /** Queues in the transaction of `db`, or not at all. */
  async send(jobs: RunJob[], db: Db): Promise<void> {
    if (jobs.length === 0) return
    const boss = await this.#start()
    await boss.insert(
      RUN_QUEUE,
      jobs.map((data) => ({ data })),
      { db },
    )
  }

  async fetch(limit: number): Promise<{ id: string; data: RunJob }[]> {
    const boss = await this.#start()
    return boss.fetch<RunJob>(RUN_QUEUE, { batchSize: limit })
  }

  async complete(ids: string[]): Promise<void> {
    const boss = await this.#start()
    await boss.complete(RUN_QUEUE, ids)
  }

  /** @throws when the queue cannot be reached */
  async ready(): Promise<void> {
    const boss = await this.#start()
    await boss.getDb().executeSql('select from queue.version')
  }

  async [Symbol.asyncDispose]() {
    await this.#boss.stop({ graceful: false, close: true }).catch(() => {})
  }

  #start(): Promise<PgBoss> {
    this.#started ??= this.#boss.start().catch((error: unknown) => {
      this.#started = undefined
      throw error
    })
    return this.#started
  }
}
