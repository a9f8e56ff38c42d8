import type { MikroORM } from '@mikro-orm/postgresql'
import type { Logger } from '@signalbox/shared/logger'
import { setTimeout as sleep } from 'node:timers/promises'
import type { AlertChange } from '../alerts/raise-alerts.ts'
import { applyNextBatch, BATCH_SIZE, type AppliedBatch } from './event-batch.ts'

export interface EventConsumerOptions {
  /** Connected as `telemetry_consumer`. */
  orm: MikroORM
  log: Logger
  /** Without a notification the log is looked at so often. Default 1,000 ms. */
  pollMs?: number
  /** Looks follow each other no faster than this, so that a busy log is applied in batches. Default 100 ms. */
  spacingMs?: number
  /** After a batch was committed: how many events it had, and which alerts it raised or made grow. */
  onApplied?(events: number, alerts: AlertChange[]): void
}

const RELAY_SIZE = 500
const MAX_BACKOFF_MS = 15_000
/** Older than this, what is still to be applied counts as a fault. */
const MAX_LAG_MS = 60_000

/** Follows the event log: moves what services have appended into it, and applies it. A failure is tried again with growing pauses. */
export class EventConsumer implements AsyncDisposable {
  readonly #stop = new AbortController()
  #wake = new AbortController()
  #failures = 0
  #lagMs = 0
  #lookedAt = Date.now()
  #loop: Promise<void> | undefined

  constructor(private readonly options: EventConsumerOptions) {}

  start(): void {
    this.#loop ??= this.#run()
  }

  /** Something may have been appended. */
  wake(): void {
    this.#wake.abort()
  }

  /** @throws when events are not being applied, or are applied over a minute late */
  check(): Promise<void> {
    if (this.#failures > 0) return Promise.reject(new Error('the event log cannot be applied at the moment'))
    if (this.#lagMs > MAX_LAG_MS) return Promise.reject(new Error(`events are applied ${Math.round(this.#lagMs / 1000)} s late`))
    if (Date.now() - this.#lookedAt > MAX_LAG_MS)
      return Promise.reject(new Error('the event log has not been looked at for a minute'))
    return Promise.resolve()
  }

  /** Applies everything that is there; returns how many events that were. */
  async drain(): Promise<number> {
    const { orm } = this.options
    let total = 0
    for (;;) {
      const [relayed] = await orm.em.fork().execute<{ moved: number }[]>('select events.relay(?) as moved', [RELAY_SIZE])
      let applied = await this.#applyNext()
      total += applied.events
      while (applied.events === BATCH_SIZE && !this.#stop.signal.aborted) {
        this.#lagMs = Date.now() - applied.lastOccurredAt!.getTime()
        applied = await this.#applyNext()
        total += applied.events
      }
      this.#lookedAt = Date.now()
      if (Number(relayed!.moved) < RELAY_SIZE || this.#stop.signal.aborted) break
    }
    this.#lagMs = 0
    return total
  }

  async #applyNext(): Promise<AppliedBatch> {
    const { orm, log, onApplied } = this.options
    const applied = await applyNextBatch(orm.em.fork(), log)
    onApplied?.(applied.events, applied.alerts)
    return applied
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort()
    await this.#loop
  }

  async #run() {
    const { log, pollMs = 1_000, spacingMs = 100 } = this.options
    const stop = this.#stop.signal
    while (!stop.aborted) {
      const started = Date.now()
      this.#wake = new AbortController()
      try {
        await this.drain()
        if (this.#failures > 0) log.info('the event log is applied again')
        this.#failures = 0
        await pause(Math.max(0, started + spacingMs - Date.now()), stop)
        await pause(pollMs, stop, this.#wake.signal)
      } catch (error) {
        this.#failures += 1
        const ms = Math.min(MAX_BACKOFF_MS, 250 * 2 ** (this.#failures - 1)) * (0.75 + Math.random() / 2)
        log.warn({ err: error, failures: this.#failures, pauseMs: Math.round(ms) }, 'the event log could not be applied')
        await pause(ms, stop)
      }
    }
  }
}

/** Waits; any of the signals ends it early. */
const pause = (ms: number, ...signals: AbortSignal[]) =>
  sleep(ms, undefined, { signal: AbortSignal.any(signals) }).catch(() => {})
