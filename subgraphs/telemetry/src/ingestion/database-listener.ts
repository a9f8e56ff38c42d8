import type { Logger } from '@signalbox/shared/logger'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'

export interface DatabaseListenerOptions {
  url: string
  /** By channel: what to do with a notification's payload. */
  channels: Record<string, (payload: string) => void>
  /** After every connection, the first included: notifications may have been missed before it. */
  onConnected(): void
  log: Logger
}

const MAX_PAUSE_MS = 5_000

/** One connection that listens; lost, it is made again. A notification is a hint: a poll must stand behind it. */
export class DatabaseListener implements AsyncDisposable {
  readonly #stop = new AbortController()
  #loop: Promise<void> | undefined

  constructor(private readonly options: DatabaseListenerOptions) {}

  start(): void {
    this.#loop ??= this.#run()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort()
    await this.#loop
  }

  async #run() {
    const { signal } = this.#stop
    let failures = 0
    while (!signal.aborted) {
      try {
        await this.#listen(() => (failures = 0))
      } catch (error) {
        failures += 1
        if (failures === 1) this.options.log.warn({ err: error }, 'not listening to the database; trying again')
      }
      if (failures > 0) await sleep(Math.min(MAX_PAUSE_MS, 200 * 2 ** failures), undefined, { signal }).catch(() => {})
    }
  }

  /** Listens until the connection ends or the listener is stopped. */
  async #listen(onConnected: () => void): Promise<void> {
    const { url, channels, log } = this.options
    const { signal } = this.#stop
    const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 3_000, keepAlive: true })
    const { promise: ended, resolve: end } = Promise.withResolvers<void>()
    client.on('end', end)
    client.on('error', (error) => log.warn({ err: error }, 'the listening connection was lost'))
    const stop = () => end()
    signal.addEventListener('abort', stop)
    client.on('notification', ({ channel, payload }) => channels[channel]?.(payload ?? ''))
    try {
      await client.connect()
      for (const channel of Object.keys(channels)) await client.query(`listen ${client.escapeIdentifier(channel)}`)
      onConnected()
      this.options.onConnected()
      await ended
    } finally {
      signal.removeEventListener('abort', stop)
      await client.end().catch(() => {})
    }
  }
}
