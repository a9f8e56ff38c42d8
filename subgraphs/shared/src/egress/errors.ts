/** Why the guard refused. Each is final: the same request is refused again. */
export type EgressRefusal =
  | 'URL_MALFORMED'
  | 'CREDENTIALS_IN_URL'
  | 'SCHEME_REFUSED'
  | 'HOST_REFUSED'
  | 'PORT_REFUSED'
  | 'ADDRESS_REFUSED'
  | 'METHOD_REFUSED'
  | 'HEADER_REFUSED'
  | 'REDIRECT_REFUSED'
  | 'TOO_MANY_REDIRECTS'
  | 'RESPONSE_TOO_LARGE'
  | 'ENCODING_REFUSED'

/** A request that is not let out, or an answer that is not let in. The message names no address. */
export class EgressRefusedError extends Error {
  override name = 'EgressRefusedError'
  readonly retryable = false

  constructor(
    readonly code: EgressRefusal,
    message: string,
  ) {
    super(message)
  }
}

/** The request was let out and got no answer: `TIMEOUT`, `UNREACHABLE` (name, connection, TLS) or `ABORTED` by the caller's signal. */
export class EgressFailedError extends Error {
  override name = 'EgressFailedError'
  readonly retryable = true

  constructor(
    readonly code: 'TIMEOUT' | 'UNREACHABLE' | 'ABORTED',
    message: string,
    options?: { cause?: unknown },
  ) {
    super(message, options)
  }
}

export type EgressError = EgressRefusedError | EgressFailedError

/** By name: tests run modules in a realm of their own. */
export const isEgressError = (error: unknown): error is EgressError =>
  error instanceof EgressRefusedError || error instanceof EgressFailedError
