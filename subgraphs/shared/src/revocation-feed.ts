import type { Readable } from 'node:stream'
import { z } from 'zod'
import { EnvError } from './env-error.ts'
import { KeptConnection } from './kept-connection.ts'
import type { Logger } from './logger.ts'
import { RevocationList, SILENCE_MS, type Revocable, type RevocationLine, type Revocations } from './revocations.ts'
import { callService } from './service-call.ts'
import type { ServiceIdentity } from './service-identity.ts'

export interface RevocationFeedOptions {
  /** Auth's `GET /revocations`. */
  url: string
  log: Logger
  /** As whom it is asked for. */
  identity: ServiceIdentity
}

/** Spread it into the shape that `readEnv` gets. */
export const revocationsEnv = {
  /** Where auth tells of revocations: `http://127.0.0.1:4001/revocations`. */
  REVOCATIONS_URL: z.url({ protocol: /^https?$/ }).optional(),
}

/** @throws {EnvError} when no address is given and this is no test: a session that was ended would go on for minutes */
export function openRevocations(
  { REVOCATIONS_URL: url, NODE_ENV }: { REVOCATIONS_URL?: string | undefined; NODE_ENV: string },
  identity: ServiceIdentity,
  log: Logger,
): RevocationFeed | undefined {
  if (url !== undefined) return new RevocationFeed({ url, identity, log })
  if (NODE_ENV === 'test') return undefined
  throw new EnvError('REVOCATIONS_URL: it is needed, so that a session that was ended does not go on')
}

/** Characters. */
const LONGEST_LINE = 1_000

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
      for await (const line of linesOf(response)) {
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

  async #open(signal: AbortSignal): Promise<Readable> {
    const { url, identity } = this.options
    const headers = { accept: 'application/x-ndjson' }
    // The heartbeats watch over the body.
    const { statusCode, body } = await callService(identity, 'auth', url, { headers, signal, bodyTimeout: 0 })
    if (statusCode === 200) return body
    await body.dump()
    throw new Error(`the stream of revocations answered with HTTP status ${statusCode}`)
  }
}

async function* linesOf(response: Readable): AsyncGenerator<string> {
  let rest = ''
  for await (const chunk of response.setEncoding('utf8') as AsyncIterable<string>) {
    const lines = (rest + chunk).split('\n')
    rest = lines.pop()!
    if (rest.length > LONGEST_LINE) throw new Error('a line of the stream has no end')
    yield* lines
  }
}
