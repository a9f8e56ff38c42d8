import { KeptConnection } from '@signalbox/shared/kept-connection'
import type { Logger } from '@signalbox/shared/logger'
import {
  HEARTBEAT_MS,
  RevocationList,
  SILENCE_MS,
  type Revocable,
  type Revocation,
  type Revocations,
} from '@signalbox/shared/revocations'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import type { RevocationStream } from './revocation-stream.ts'

/** `auth.revoke` notifies it. */
const CHANNEL = 'auth_revocations'

interface StandingRow {
  subject: string
  revoked_at: number
  until: number
}

/**
 * Where this process hears of revocations: one listening connection to the database. What it hears it uses itself and tells to every
 * open stream. When the connection is lost the streams are ended, so that nobody takes silence for peace.
 */
export class RevocationHub implements Revocations, AsyncDisposable {
  readonly #list = new RevocationList()
  readonly #streams = new Set<RevocationStream>()
  readonly #connection: KeptConnection
  #isReading = false
  #unread = false

  constructor(
    private readonly databaseUrl: string,
    log: Logger,
  ) {
    this.#connection = new KeptConnection({
      what: 'the notifications of revocations',
      connect: (up, signal) => this.#listen(up, signal).finally(() => this.#endStreams()),
      log,
    })
  }

  isRevoked(viewer: Revocable) {
    return this.#list.isRevoked(viewer)
  }

  onRevoked(viewer: Revocable, listener: () => void) {
    return this.#list.onRevoked(viewer, listener)
  }

  check() {
    return this.#connection.check()
  }

  /** Tells a stream all that stands and from then on everything new. @returns false while nothing can be told */
  add(stream: RevocationStream): boolean {
    if (!this.#connection.isUp) return false
    for (const revocation of this.#list.standing) stream.send({ kind: 'revoked', ...revocation })
    stream.send({ kind: 'standing' })
    this.#streams.add(stream)
    stream.onClose(() => this.#streams.delete(stream))
    return true
  }

  async [Symbol.asyncDispose]() {
    await this.#connection[Symbol.asyncDispose]()
  }

  async #listen(up: () => void, signal: AbortSignal): Promise<void> {
    const client = new pg.Client({
      connectionString: this.databaseUrl,
      connectionTimeoutMillis: SILENCE_MS,
      query_timeout: SILENCE_MS,
      keepAlive: true,
    })
    const lost = new AbortController()
    client.on('error', (error) => lost.abort(error))
    client.on('end', () => lost.abort(new Error('the connection has ended')))
    client.on('notification', () => void this.#hear(client))
    try {
      await client.connect()
      await client.query(`listen ${CHANNEL}`)
      await this.#read(client)
      up()
      await this.#beat(client, AbortSignal.any([signal, lost.signal]))
    } finally {
      client.end().catch(() => {})
    }
  }

  /** A heartbeat says that everything which was revoked before it has been told. */
  async #beat(client: pg.Client, signal: AbortSignal): Promise<void> {
    for (;;) {
      await this.#read(client)
      for (const stream of this.#streams) stream.send({ kind: 'heartbeat' })
      await sleep(HEARTBEAT_MS, undefined, { signal })
    }
  }

  /** Every role of the database may notify: a notification is a reason to look, and nothing in it is believed. */
  async #hear(client: pg.Client): Promise<void> {
    this.#unread = true
    if (this.#isReading) return
    this.#isReading = true
    try {
      while (this.#unread) {
        this.#unread = false
        await this.#read(client)
      }
    } catch {
      // The beat meets the same fault, and ends the connection.
    } finally {
      this.#isReading = false
    }
  }

  async #read(client: pg.Client): Promise<void> {
    const { rows } = await client.query<StandingRow>('select * from auth.standing_revocations()')
    for (const { subject, revoked_at: revokedAt, until } of rows) this.#take({ subject, revokedAt, until })
  }

  #take(revocation: Revocation) {
    if (!this.#list.add(revocation)) return
    for (const stream of this.#streams) stream.send({ kind: 'revoked', ...revocation })
  }

  #endStreams() {
    for (const stream of this.#streams) stream.end()
  }
}
