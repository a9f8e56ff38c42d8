import { setTimeout as sleep } from 'node:timers/promises'
import { EgressRefusedError, isEgressError, type EgressHead, type EgressResponse } from '@signalbox/shared/egress'
import { ModelError, TemporaryError } from './model-error.ts'
import type { ModelAnswer, ModelCall, ModelServer } from './model-protocol.ts'
import type { CallOptions } from './reasoning-model.ts'
import { EventReader, type ServerSentEvent } from './server-sent-events.ts'

export const STOPPED_MIDWAY = 'The model’s answer stopped midway.'

const LONGEST_PAUSE_MS = 5_000
const FIRST_PAUSE_MS = 500
const TIMEOUT_MS = 90_000
/** Of a stream, whose frames are many times what they carry. */
const STREAM_BYTES = 16 * 1024 * 1024

/**
 * Repeats a call that failed for the moment (408, 429, 5xx, 529 included, a lost connection, no answer in time, a stream that stopped), after
 * the pause that the server asks for; when that is more than 5 s, whoever called is told instead. Only one attempt is previewed.
 */
export async function withAttempts(
  { attempts = 2 }: ModelServer,
  { signal, onToken }: CallOptions,
  attempt: (onToken: CallOptions['onToken']) => Promise<ModelAnswer>,
): Promise<ModelAnswer> {
  const preview = previewOnce(onToken)
  for (let left = attempts - 1; ; left -= 1) {
    signal?.throwIfAborted()
    try {
      return await attempt(preview())
    } catch (error) {
      signal?.throwIfAborted()
      const pause = error instanceof TemporaryError ? (error.retryAfterMs ?? FIRST_PAUSE_MS) : Infinity
      if (left === 0 || pause > LONGEST_PAUSE_MS) throw error
      await sleep(pause, undefined, { signal }).catch(() => signal?.throwIfAborted())
    }
  }
}

/** Hands a listener to one attempt after another; once one of them has told it something, it hears nothing of the later ones. */
export function previewOnce(onToken: CallOptions['onToken']): () => CallOptions['onToken'] {
  if (onToken === undefined) return () => undefined
  let [attempts, heard] = [0, 0]
  return () => {
    attempts += 1
    const own = attempts
    return (text) => {
      heard ||= own
      if (heard === own) onToken(text)
    }
  }
}

/** What puts a stream's events together. */
export interface StreamReader {
  /** The answer is whole: what the connection does after it does not matter. */
  readonly isDone: boolean
  take(event: ServerSentEvent): void
}

export interface ModelPost extends Pick<ModelCall, 'signal'> {
  path: string
  headers: Record<string, string>
  body: unknown
  /** Is given the events, if the server answers with a stream of them. */
  reader?: StreamReader | undefined
}

/**
 * Sends one request, once.
 * @returns the parsed body; undefined when it went to the reader
 * @throws {ModelError}
 */
export async function postToModel(server: ModelServer, { path, headers, body, reader, signal }: ModelPost): Promise<unknown> {
  const { egress, baseUrl, timeoutMs = TIMEOUT_MS } = server
  const stream = reader && new EventReader((event) => reader.take(event))
  let broken: Error | undefined
  let begun = false
  const onPart = (part: Buffer, head: EgressHead) => {
    try {
      if (!isStream(head)) return
      begun = true
      stream!.push(part)
    } catch (error) {
      broken = error as Error
      throw error
    }
  }
  const sent = egress.fetch(`${baseUrl.replace(/\/$/, '')}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
    maxRedirects: 0,
    timeoutMs,
    idleMs: timeoutMs,
    ...(signal && { signal }),
    ...(stream && { onPart, maxBytes: STREAM_BYTES }),
  })
  const response = await sent.catch((error: unknown) => {
    if (broken !== undefined) throw broken
    if (reader?.isDone === true) return undefined
    throw failureOf(error, timeoutMs, begun)
  })
  if (response === undefined) return undefined
  checkStatus(response)
  return stream !== undefined && isStream(response) ? undefined : parsedJson(response.text())
}

const isStream = ({ status, headers }: EgressHead) =>
  status === 200 && (headers['content-type'] ?? '').toLowerCase().startsWith('text/event-stream')

function failureOf(error: unknown, timeoutMs: number, begun: boolean): unknown {
  if (!isEgressError(error)) return error
  if (error instanceof EgressRefusedError) {
    if (error.code === 'RESPONSE_TOO_LARGE') return new ModelError('The model’s answer is longer than is allowed.', false)
    return new ModelError(`The model’s server was not called. ${error.message}`, false, { misconfigured: true })
  }
  if (error.code === 'TIMEOUT') return new TemporaryError(`The model's server did not answer within ${timeoutMs} ms.`)
  return new TemporaryError(begun ? STOPPED_MIDWAY : 'The model’s server could not be reached.')
}

function checkStatus({ status, headers, text }: EgressResponse): void {
  if (status === 200) return
  const message = `The model's server answered ${status}${reasonIn(parsedJson(text()))}.`
  if (status === 408 || status === 429 || status >= 500)
    throw new TemporaryError(message, { retryAfterMs: retryAfterOf(headers), status })
  throw new ModelError(message, false, { misconfigured: true, status })
}

/** The code of an error, as both protocols have one: ` (model_not_found)`. Its message may repeat what was sent and is left out. */
function reasonIn(body: unknown): string {
  const { code, type } = ((body as { error?: unknown } | null)?.error ?? {}) as Record<string, unknown>
  const reason = [code, type].find((name) => typeof name === 'string' && /^[a-z_]{3,50}$/.test(name))
  return reason === undefined ? '' : ` (${reason as string})`
}

/** RFC 9110, 10.2.3: seconds or a date; some servers also say milliseconds. */
function retryAfterOf(headers: EgressResponse['headers']): number | undefined {
  const exact = Number(headers['retry-after-ms'] ?? Number.NaN)
  if (exact >= 0) return exact
  const given = headers['retry-after'] ?? ''
  const ms = given.trim() === '' ? Number.NaN : Number(given) * 1000
  const pause = Number.isNaN(ms) ? Date.parse(given) - Date.now() : ms
  return Number.isNaN(pause) ? undefined : Math.max(0, pause)
}

/** Null for what is no JSON. */
export function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
