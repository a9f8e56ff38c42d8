import { CliFault } from './fault.ts'
import { RETRY, RetryableError, withRetry, type RetryOptions } from './retry.ts'
import { reasonOf, retryAfter, type TokenSource } from './token-source.ts'

export interface GraphqlError {
  message: string
  path?: (string | number)[]
  extensions?: { code?: string; retryAfterSeconds?: number; fields?: { path: string; message: string }[] }
}

/** What the platform answered instead of data. */
export class RefusedError extends Error {
  override name = 'RefusedError'
  readonly code: string

  constructor(readonly errors: GraphqlError[]) {
    const [first] = errors
    const fields = first?.extensions?.fields?.map((field) => `${field.path}: ${field.message}`) ?? []
    super(fields.length > 0 ? fields.join('; ') : (first?.message ?? 'The platform gave no reason.'))
    this.code = first?.extensions?.code ?? 'INTERNAL'
  }
}

export interface EndpointOptions {
  url: string
  tokens: TokenSource
  signal?: AbortSignal
  retry?: RetryOptions
}

const REQUEST_TIMEOUT_MS = 60_000
const TRANSIENT = new Set(['UNAVAILABLE', 'RATE_LIMITED'])

/**
 * The public GraphQL endpoint, asked as a service client. What may pass by itself (429, 502, 503, 504, UNAVAILABLE, a lost connection) is
 * tried again: every mutation that the client sends is keyed, so that a repetition changes nothing.
 */
export class Endpoint {
  constructor(private readonly options: EndpointOptions) {}

  /** @throws {RefusedError} for an answer with errors; {CliFault} when there is no way to get an answer */
  async execute<T>(query: string, variables: Record<string, unknown> = {}, signal = this.options.signal): Promise<T> {
    try {
      return await withRetry(() => this.#ask<T>(query, variables, signal), signal, this.options.retry ?? RETRY)
    } catch (error) {
      throw error instanceof RetryableError ? new CliFault(error.message) : error
    }
  }

  async #ask<T>(query: string, variables: Record<string, unknown>, signal: AbortSignal | undefined, renewed = false): Promise<T> {
    const token = await orAborted(this.options.tokens.current(), signal)
    const response = await this.#post(token, JSON.stringify({ query, variables }), signal)
    const body = await this.#read<T>(response, signal)
    const code = body.errors?.[0]?.extensions?.code
    if ((response.status === 401 || code === 'UNAUTHENTICATED') && !renewed) {
      await this.options.tokens.forget(token)
      return this.#ask(query, variables, signal, true)
    }
    if (body.errors !== undefined) {
      const transient = body.errors.find((error) => TRANSIENT.has(error.extensions?.code ?? ''))
      const seconds = transient?.extensions?.retryAfterSeconds
      if (transient) throw new RetryableError(transient.message, seconds === undefined ? retryAfter(response) : seconds * 1000)
      throw new RefusedError(body.errors)
    }
    return body.data as T
  }

  async #post(token: string, body: string, signal: AbortSignal | undefined): Promise<Response> {
    const timeout = AbortSignal.timeout(REQUEST_TIMEOUT_MS)
    const { url } = this.options
    return fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body,
      redirect: 'error',
      signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
    }).catch((error: Error) => this.#lost(error, signal))
  }

  async #read<T>(response: Response, signal: AbortSignal | undefined): Promise<{ data?: T; errors?: GraphqlError[] }> {
    const text = await response.text().catch((error: Error) => this.#lost(error, signal))
    try {
      const body = JSON.parse(text) as { data?: T; errors?: GraphqlError[] }
      if (body.data !== undefined || Array.isArray(body.errors)) return body
    } catch {
      // Not JSON: the status says what it is.
    }
    if ([429, 502, 503, 504].includes(response.status)) {
      throw new RetryableError(
        `${this.options.url} is not available at the moment (HTTP ${response.status}).`,
        retryAfter(response),
      )
    }
    throw new CliFault(
      `${this.options.url}/graphql does not speak GraphQL (HTTP ${response.status}). Is this Signalbox's address?`,
    )
  }

  #lost(error: Error, signal: AbortSignal | undefined): never {
    signal?.throwIfAborted()
    throw new RetryableError(`The connection to ${this.options.url} was lost${reasonOf(error)}.`)
  }
}

/** What is waited for, or the abortion, whichever is first. */
async function orAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  signal?.throwIfAborted()
  if (signal === undefined) return work
  let onAbort = () => {}
  const aborted = new Promise<never>((_resolve, reject) => {
    onAbort = () => reject(signal.reason as Error)
    signal.addEventListener('abort', onAbort, { once: true })
  })
  return Promise.race([work, aborted]).finally(() => signal.removeEventListener('abort', onAbort))
}
