import pg from 'pg'
import type { Logger } from '@signalbox/shared/logger'

export interface ListenerOptions {
  url: string
  log: Logger
  channels: Record<string, (payload: string) => void>
  /** Called after each connect: what came while there was none is not told any more. */
  onConnected(): void
}

const RECONNECT_MS = 200
const MAX_RECONNECT_MS = 5_000

/** One listening connection of a process; it comes back by itself. */
export class Listener implements AsyncDisposable {
  #client: pg.Client | undefined
  #timer: NodeJS.Timeout | undefined
  #wait = RECONNECT_MS
  #stopped = false

  constructor(private readonly options: ListenerOptions) {
    void this.#connect()
  }

  async [Symbol.asyncDispose]() {
    this.#stopped = true
    clearTimeout(this.#timer)
    await this.#client?.end().catch(() => {})
  }

  async #connect() {
    const { url, channels, onConnected, log } = this.options
    const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 3_000, keepAlive: true })
    this.#client = client
    let lost = false
    const again = (error?: unknown) => {
      if (lost || this.#stopped) return
      lost = true
      if (error !== undefined) log.warn({ err: error }, 'the listening connection was lost')
      client.end().catch(() => {})
      this.#timer = setTimeout(() => void this.#connect(), this.#wait)
      this.#wait = Math.min(MAX_RECONNECT_MS, this.#wait * 2)
    }
    client.on('error', again)
    client.on('end', () => again())
    client.on('notification', ({ channel, payload }) => channels[channel]?.(payload ?? ''))
    try {
      await client.connect()
      for (const channel of Object.keys(channels)) await client.query(`listen ${pg.escapeIdentifier(channel)}`)
      this.#wait = RECONNECT_MS
      if (this.#stopped) await client.end()
      else onConnected()
    } catch (error) {
      again(error)
    }
  }
}
