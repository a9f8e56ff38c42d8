import { isEgressError, type EgressRequest } from '@signalbox/shared/egress'
import type { EgressError } from '@signalbox/shared/egress/errors'
import type { ConnectorContext, Performed } from './connector.ts'
import { ToolError } from './tool-error.ts'

export interface OutgoingRequest {
  method: NonNullable<EgressRequest['method']>
  url: string
  headers: Record<string, string>
  body?: string | undefined
}

/** Milliseconds for one call, and bytes of its answer. */
const TIMEOUT_MS = 30_000
export const MAX_ANSWER_BYTES = 1024 * 1024

/** No byte of the request was sent: the connection was never made. */
const NEVER_SENT =
  /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|UND_ERR_CONNECT_TIMEOUT|CERT_.*|DEPTH_ZERO.*|SELF_SIGNED.*|UNABLE_TO_.*|ERR_TLS_.*)$/
/** It was sent, and the answer was not let in. */
const AFTER_SENDING = new Set(['RESPONSE_TOO_LARGE', 'ENCODING_REFUSED', 'REDIRECT_REFUSED', 'TOO_MANY_REDIRECTS'])
/** Nothing was done: the other side asks to come again (RFC 6585, 4; RFC 9110, 15.5.9 and 15.6.4). */
const COME_AGAIN = new Set([408, 429, 503])

/**
 * Sends one request and makes of the answer what a run can use.
 * @param isRepeatable whether the other side can be asked the same again without harm
 * @throws {ToolError} for no answer and for any status outside 200–299
 */
export async function exchange(
  request: OutgoingRequest,
  { egress, signal, headers }: ConnectorContext,
  isRepeatable: boolean,
): Promise<Performed> {
  const { method, url, body } = request
  const response = await egress
    .fetch(url, {
      method,
      headers: { accept: 'application/json, text/plain;q=0.9, */*;q=0.1', ...request.headers, ...headers },
      ...(body === undefined ? {} : { body }),
      signal,
      timeoutMs: TIMEOUT_MS,
      idleMs: TIMEOUT_MS,
      maxBytes: MAX_ANSWER_BYTES,
    })
    .catch((error: unknown) => {
      throw isEgressError(error) ? unanswered(error, isRepeatable) : error
    })
  const { status, ok } = response
  if (!ok) throw refused(status, response.headers['retry-after'], isRepeatable)
  return { result: { status, body: contentOf(response) }, bytes: response.body.length }
}

function contentOf({ headers, text }: { headers: Record<string, string | undefined>; text(): string }): unknown {
  const content = text()
  if (content === '') return null
  try {
    return JSON.parse(content) as unknown
  } catch {
    return /^(text\/|application\/(.*\+)?xml)/.test(headers['content-type'] ?? 'text/plain') ? content : '[not text]'
  }
}

function unanswered(error: EgressError, isRepeatable: boolean): ToolError {
  const cause = error.cause as { code?: string } | undefined
  const neverSent = error.retryable ? NEVER_SENT.test(cause?.code ?? '') : !AFTER_SENDING.has(error.code)
  if (neverSent) return new ToolError(`Nothing was sent. ${error.message}`, { retryable: error.retryable, cause: error })
  const unknown = !isRepeatable
  const doubt = unknown ? ' It may have been done all the same.' : ''
  return new ToolError(`${error.message}${doubt}`, { retryable: error.retryable && isRepeatable, unknown, cause: error })
}

function refused(status: number, retryAfter: string | undefined, isRepeatable: boolean): ToolError {
  const seconds = Number(retryAfter)
  const retryAfterMs = retryAfter !== undefined && seconds >= 0 ? Math.min(seconds, 3_600) * 1_000 : undefined
  if (COME_AGAIN.has(status))
    return new ToolError(`The other side asks to come again later (status ${status}).`, { retryable: true, retryAfterMs })
  if (status < 500) return new ToolError(`The other side refused the call (status ${status}).`, { retryable: false })
  const doubt = isRepeatable ? '' : ' It may have been done all the same.'
  return new ToolError(`The other side failed (status ${status}).${doubt}`, { retryable: isRepeatable, unknown: !isRepeatable })
}
