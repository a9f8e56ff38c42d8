import { CliFault } from './fault.ts'
import { RETRY, RetryableError, withRetry, type RetryOptions } from './retry.ts'

/** Seconds before its end from which a token is not used any more; the gateway closes sockets 30 s before. */
const MARGIN_SECONDS = 60
const REQUEST_TIMEOUT_MS = 15_000

export interface TokenSourceOptions {
  url: string
  clientId: string
  clientSecret: string
}

/** Access tokens by client credentials (RFC 6749, section 4.4): one at a time, shared by everybody who asks, renewed before it ends. */
export class TokenSource {
  #token: Promise<{ value: string; usableUntil: number }> | undefined

  constructor(private readonly options: TokenSourceOptions) {}

  /** @throws {CliFault} when the platform refuses the client or cannot be reached */
  async current(retry: RetryOptions = RETRY): Promise<string> {
    const pending = this.#token
    const held = await pending
    if (held !== undefined && Date.now() < held.usableUntil) return held.value
    // Somebody who waited for the same token may have asked for the next one meanwhile.
    if (this.#token === pending) this.#token = this.#ask(retry)
    return (await this.#token!).value
  }

  /** Forgets a token that was refused, unless a newer one is there already. */
  async forget(token: string): Promise<void> {
    const held = await this.#token?.catch(() => undefined)
    if (held?.value === token) this.#token = undefined
  }

  #ask(retry: RetryOptions) {
    const asked = this.#grant(retry)
    asked.catch(() => {
      if (this.#token === asked) this.#token = undefined
    })
    return asked
  }

  async #grant(retry: RetryOptions) {
    const body = await withRetry(() => this.#request(), undefined, retry).catch((error: Error) => {
      throw error instanceof RetryableError ? new CliFault(error.message) : error
    })
    const seconds = Math.max(body.expires_in - MARGIN_SECONDS, body.expires_in / 2)
    return { value: body.access_token, usableUntil: Date.now() + seconds * 1000 }
  }

  async #request() {
    const { url, clientId, clientSecret } = this.options
    const credentials = [clientId, clientSecret].map(encodeURIComponent).join(':')
    const response = await fetch(`${url}/oidc/token`, {
      method: 'POST',
      headers: { authorization: `Basic ${Buffer.from(credentials).toString('base64')}` },
      body: new URLSearchParams({ grant_type: 'client_credentials' }),
      redirect: 'error',
      signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
    }).catch((error: Error) => {
      throw new RetryableError(`${url} cannot be reached${reasonOf(error)}. Is Signalbox running?`)
    })
    if (response.status === 429 || response.status >= 500) {
      await response.body?.cancel()
      throw new RetryableError(`${url} gives no token at the moment (HTTP ${response.status}).`, retryAfter(response))
    }
    const body = (await response.json().catch(() => ({}))) as { access_token?: string; expires_in?: number; error?: string }
    if (body.access_token !== undefined) return { access_token: body.access_token, expires_in: body.expires_in ?? 300 }
    const refused = response.status === 401 || body.error === 'invalid_client'
    if (refused) throw new CliFault(`The service client "${clientId}" was refused: wrong id or secret.`)
    throw new CliFault(
      `${url} gave no token (HTTP ${response.status}${body.error ? `, ${body.error}` : ''}). Is this Signalbox's address?`,
    )
  }
}

/** `Retry-After` in milliseconds, where it is given in seconds. */
export const retryAfter = (response: Response): number | undefined => {
  const seconds = Number(response.headers.get('retry-after') ?? Number.NaN)
  return Number.isFinite(seconds) ? seconds * 1000 : undefined
}

/** Node hides what happened in `cause`. */
export const reasonOf = (error: Error): string => {
  const { code } = (error.cause ?? {}) as { code?: string }
  return code === undefined ? '' : ` (${code})`
}
