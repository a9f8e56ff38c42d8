import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Part } from './managed-process.ts'
import { identify } from './process-identity.ts'
import { startPostgres, type PostgresOptions, type RunningPostgres } from './postgres.ts'

const WATCH_MS = 300

/** Postgres as a part of the platform: started again when it ends unasked. It is watched by pid, as it may be an adopted one. */
export class PostgresPart implements Part {
  readonly name = 'postgres'
  #options: PostgresOptions
  #log: (line: string) => void
  #running: RunningPostgres | undefined
  #watch: Promise<void> | undefined
  #wanted = false

  constructor(options: PostgresOptions, dataDirectory: string, log: (line: string) => void) {
    this.#options = { ...options, logFile: join(dataDirectory, 'logs', 'postgres.log') }
    this.#log = log
  }

  /** @throws when it is not running */
  get url(): (database?: string) => string {
    return this.#running!.url
  }

  async start(): Promise<void> {
    if (this.#wanted) return
    this.#wanted = true
    try {
      this.#running = await startPostgres(this.#options)
    } catch (error) {
      this.#wanted = false
      throw error
    }
    this.#watch = this.#keepRunning()
  }

  async stop(): Promise<void> {
    this.#wanted = false
    await this.#watch
    await this.#running?.stop()
    this.#running = undefined
  }

  kill(signal: NodeJS.Signals): void {
    if (this.#running !== undefined) process.kill(this.#running.pid, signal)
  }

  async #keepRunning() {
    while (this.#wanted) {
      await sleep(WATCH_MS)
      if (!this.#wanted || (this.#running !== undefined && identify(this.#running.pid) !== undefined)) continue
      this.#log('postgres ended; starting it again')
      this.#running = undefined
      try {
        this.#running = await startPostgres(this.#options)
        this.#log('postgres runs again')
      } catch (error) {
        this.#log((error as Error).message)
      }
    }
  }
}
