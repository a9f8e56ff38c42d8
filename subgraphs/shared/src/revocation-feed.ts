import { request as requestHttp, type IncomingMessage } from 'node:http'
import { request as requestHttps } from 'node:https'
import { createInterface } from 'node:readline'
import { KeptConnection } from './kept-connection.ts'
import type { Logger } from './logger.ts'
import { RevocationList, SILENCE_MS, type Revocable, type RevocationLine, type Revocations } from './revocations.ts'

export interface RevocationFeedOptions {
  /** Auth's `GET /revocations`. */
  url: string
  log: Logger
  /** Headers that say which service asks. */
  sign?(request: { method: string; path: string; headers: Record<string, string> }): Record<string, string>
  /** Of the connection, where it is encrypted both ways: `cert`, `key`, `ca`. */
  tls?: object
}

/**
 * The revocations that auth tells by its stream. While the stream is down, what is known stays in force, new revocations are not
 * heard of, and `check` says so; it comes back by itself and then begins with all that stand.
 */
export class RevocationFeed implements Revocations, AsyncDisposable {
  readonly #list = new RevocationList()
  readonly #connection: KeptConnection

  constructor(private readonly options: RevocationFeedOptions) {
    this.#connection = new KeptConnection({
      what: 'the stream of revocations',
      connect: (up, signal) => this.#read(up, signal),
      log: options.log,
    })
  }

  get healthy() {
    return this.#connection.isUp
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

  [Symbol.asyncDispose]() {
    return this.#connection[Symbol.asyncDispose]()
  }

  async #read(up: () => void, outer: AbortSignal): Promise<void> {
    const silence = new AbortController()
    const late = () => silence.abort(new Error(`nothing was heard for ${SILENCE_MS} ms`))
    const timer = setTimeout(late, SILENCE_MS)
    const signal = AbortSignal.any([outer, silence.signal])
    try {
      const response = await this.#open(signal)
      for await (const line of createInterface({ input: response, crlfDelay: Infinity })) {
        timer.refresh()
        this.#take(JSON.parse(line) as RevocationLine, up)
      }
    } finally {
      clearTimeout(timer)
    }
    signal.throwIfAborted()
  }

  #take(line: RevocationLine, up: () => void) {
    if (line.kind === 'standing') up()
    if (line.kind !== 'revoked') return
    const { subject, revokedAt, until } = line
    this.#list.add({ subject, revokedAt, until })
  }

  #open(signal: AbortSignal): Promise<IncomingMessage> {
    const { url, sign, tls } = this.options
    const { protocol, pathname } = new URL(url)
    const plain = { accept: 'application/x-ndjson' }
    const headers = { ...plain, ...sign?.({ method: 'GET', path: pathname, headers: plain }) }
    const request = protocol === 'https:' ? requestHttps : requestHttp
    return new Promise((resolve, reject) => {
      request(url, { headers, signal, agent: false, ...tls }, (response) => {
        response.on('error', reject)
        if (response.statusCode === 200) return resolve(response)
        response.resume()
        reject(new Error(`the stream of revocations answered with HTTP status ${response.statusCode}`))
      })
        .on('error', reject)
        .end()
    })
  }
}
