import { Agent, request } from 'undici'
import { ACCEPT_ENCODING, readBody, tooLarge } from './egress/body.ts'
import { guardedConnector } from './egress/connector.ts'
import { EgressFailedError, EgressRefusedError, isEgressError } from './egress/errors.ts'
import { checkHeaders, harmlessOnly, withoutContent, type EgressHeaders } from './egress/headers.ts'
import { checkTarget, isTrusted, parseTarget, type EgressPolicy } from './egress/policy.ts'

export { EgressFailedError, EgressRefusedError, isEgressError } from './egress/errors.ts'
export type { EgressPolicy } from './egress/policy.ts'

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'] as const
const REDIRECTS = new Set([301, 302, 303, 307, 308])

export interface EgressRequest {
  /** `GET` unless given. */
  method?: (typeof METHODS)[number]
  headers?: EgressHeaders
  body?: string | Buffer
  signal?: AbortSignal
  /** Redirects that are followed, each checked like the first address: 5 unless given. With 0 a redirect is an answer like others. */
  maxRedirects?: number
  /** Milliseconds for all of it, name, redirects and body included: 10,000 unless given. */
  timeoutMs?: number
  /** Milliseconds without a byte: 10,000 unless given. */
  idleMs?: number
  /** Of the body, as sent and as decoded: 1 MiB unless given. */
  maxBytes?: number
  /** The body is not read, and the connection is closed: for who wants to know the status only. */
  ignoreBody?: boolean
  /**
   * Is given the body in pieces as they come, of an answer of any status: for a stream of events. The answer has the whole of it nonetheless.
   * It is asked for unpacked; if it comes packed, it is one piece. What this throws ends the request.
   */
  onPart?: (part: Buffer, head: EgressHead) => void
}

export interface EgressHead {
  status: number
  /** Lower-case names; a repeated header is joined by `, `. */
  headers: Record<string, string | undefined>
}

/** An answer that was read to its end. */
export interface EgressResponse extends EgressHead {
  /** Where it came from, after redirects. */
  url: string
  /** 200 to 299. */
  ok: boolean
  body: Buffer
  text(): string
  /** @throws {SyntaxError} when it is no JSON */
  json(): unknown
}

export interface Egress extends AsyncDisposable {
  /**
   * Sends a request to the outside and reads the answer.
   * @throws {EgressRefusedError} what the policy does not let out or in; {EgressFailedError} no answer
   */
  fetch(url: string, init?: EgressRequest): Promise<EgressResponse>
}

/**
 * The one way out of the platform for tools, webhooks, discovery and models: everything whose address somebody else may have written
 * (server-side request forgery, OWASP A10). Proxy settings of the environment have no effect.
 * @param connectTimeoutMs for each address of a name: 5,000 unless given
 */
export function createEgress(policy: EgressPolicy = {}, connectTimeoutMs = 5_000): Egress {
  const agent = new Agent({
    connect: guardedConnector(policy, connectTimeoutMs),
    connections: 32,
    pipelining: 1,
    keepAliveTimeout: 10_000,
    keepAliveMaxTimeout: 60_000,
    maxHeaderSize: 16 * 1024,
  })
  return {
    fetch: (url, init = {}) => follow(policy, agent, url, init),
    [Symbol.asyncDispose]: () => agent.destroy(),
  }
}

interface Hop {
  url: URL
  method: (typeof METHODS)[number]
  headers: EgressHeaders
  body: string | Buffer | undefined
}

async function follow(policy: EgressPolicy, agent: Agent, address: string, init: EgressRequest): Promise<EgressResponse> {
  const { method = 'GET', headers = {}, body, maxRedirects = 5, timeoutMs = 10_000, signal: given } = init
  if (!METHODS.includes(method)) throw new EgressRefusedError('METHOD_REFUSED', 'This request method is not allowed.')
  const late = AbortSignal.timeout(timeoutMs)
  const signal = given === undefined ? late : AbortSignal.any([late, given])
  let hop: Hop = { url: parseTarget(address), method, headers: checkHeaders(headers), body }
  for (let redirects = 0; ; redirects += 1) {
    checkTarget(policy, hop.url)
    const response = await orAborted(exchange(agent, hop, init, signal), signal).catch((error: unknown) => {
      throw failureOf(error, late.aborted, timeoutMs, given)
    })
    const { location } = response.headers
    if (maxRedirects === 0 || !REDIRECTS.has(response.status) || location === undefined) return response
    if (redirects === maxRedirects)
      throw new EgressRefusedError('TOO_MANY_REDIRECTS', `The address redirects more than ${maxRedirects} times.`)
    hop = redirected(policy, hop, response.status, location)
  }
}

/** The signal alone does not end a request whose connection is still being made. */
function orAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason as Error)
    if (signal.aborted) abort()
    signal.addEventListener('abort', abort, { once: true })
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort))
  })
}

/** The request that a redirect asks for (RFC 9110, 15.4; Fetch standard, HTTP-redirect fetch). */
function redirected(policy: EgressPolicy, { url: from, ...hop }: Hop, status: number, location: string): Hop {
  const url = parseTarget(location, from)
  const becomesGet = (status === 303 && hop.method !== 'HEAD') || (status < 303 && hop.method === 'POST')
  const next: Hop = becomesGet ? { url, method: 'GET', headers: withoutContent(hop.headers), body: undefined } : { ...hop, url }
  if (url.origin === from.origin) return next
  if (isTrusted(policy, url.origin))
    throw new EgressRefusedError('REDIRECT_REFUSED', 'The address redirects to one that is reserved for the operator.')
  if (next.body !== undefined)
    throw new EgressRefusedError('REDIRECT_REFUSED', 'The address asks to send the data on to another host.')
  return { ...next, headers: harmlessOnly(next.headers) }
}

async function exchange(agent: Agent, hop: Hop, init: EgressRequest, signal: AbortSignal): Promise<EgressResponse> {
  const { idleMs = 10_000, maxBytes = 1024 * 1024, ignoreBody = false, onPart } = init
  const { url, method, body, headers } = hop
  const answer = await request(url, {
    dispatcher: agent,
    method,
    headers: { 'user-agent': 'Signalbox', ...headers, 'accept-encoding': onPart === undefined ? ACCEPT_ENCODING : 'identity' },
    body: body ?? null,
    signal,
    headersTimeout: idleMs,
    bodyTimeout: idleMs,
  })
  const received = Object.fromEntries(
    Object.entries(answer.headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : value]),
  )
  if (ignoreBody) {
    answer.body.on('error', () => {}).destroy()
    return responseOf(url, answer.statusCode, received, Buffer.alloc(0))
  }
  try {
    if (Number(received['content-length'] ?? 0) > maxBytes && method !== 'HEAD') throw tooLarge(maxBytes)
    const head = { status: answer.statusCode, headers: received }
    const bytes = await readBody(answer.body, received['content-encoding'], maxBytes, onPart && ((part) => onPart(part, head)))
    return responseOf(url, answer.statusCode, received, bytes)
  } catch (error) {
    answer.body.on('error', () => {}).destroy()
    throw error
  }
}

function responseOf(url: URL, status: number, headers: EgressResponse['headers'], body: Buffer): EgressResponse {
  const text = () => new TextDecoder().decode(body)
  return {
    url: url.href,
    status,
    ok: status >= 200 && status < 300,
    headers,
    body,
    text,
    json: () => JSON.parse(text()) as unknown,
  }
}

const TIMEOUTS = new Set(['UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT', 'UND_ERR_CONNECT_TIMEOUT', 'ETIMEDOUT'])

function failureOf(error: unknown, isLate: boolean, timeoutMs: number, given: AbortSignal | undefined): Error {
  if (isEgressError(error)) return error
  const code = (error as { code?: string }).code ?? ''
  if (isLate) return new EgressFailedError('TIMEOUT', `There was no complete answer within ${timeoutMs} ms.`, { cause: error })
  if (given?.aborted === true) return new EgressFailedError('ABORTED', 'The request was given up.', { cause: error })
  if (code === 'UND_ERR_HEADERS_OVERFLOW' || code === 'HPE_HEADER_OVERFLOW') return tooLarge(16 * 1024)
  if (TIMEOUTS.has(code)) return new EgressFailedError('TIMEOUT', 'The host did not answer in time.', { cause: error })
  return new EgressFailedError('UNREACHABLE', 'The host could not be reached.', { cause: error })
}
