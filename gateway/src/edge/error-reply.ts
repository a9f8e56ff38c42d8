import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { STATUS_CODES } from 'node:http'
import type { Duplex } from 'node:stream'
import { AppError, ForbiddenError, UnauthenticatedError } from '@signalbox/shared/errors'
import type { Logger } from '@signalbox/shared/logger'
import { refusalOf, type EdgeObserver } from './observer.ts'
import { TooOftenError } from './rate-limits.ts'

/** The body of every refusal, whatever refused: clients such as n8n look for `errors` and for nothing else. */
export interface ErrorBody {
  errors: { message: string; extensions: Record<string, unknown> }[]
}

const BY_STATUS: Record<number, [code: string, message: string]> = {
  400: ['BAD_REQUEST', 'The request cannot be read.'],
  401: ['UNAUTHENTICATED', 'Sign in to do this.'],
  403: ['FORBIDDEN', 'You do not have the right to do this.'],
  404: ['NOT_FOUND', 'There is nothing here.'],
  405: ['METHOD_NOT_ALLOWED', 'This method is not served here.'],
  408: ['TIMEOUT', 'The request took too long to arrive.'],
  413: ['PAYLOAD_TOO_LARGE', 'The request is too large.'],
  421: ['MISDIRECTED_REQUEST', 'Signalbox is not served under this host name.'],
  415: ['UNSUPPORTED_MEDIA_TYPE', 'Send application/json.'],
  429: ['RATE_LIMITED', 'Too many requests.'],
  431: ['HEADERS_TOO_LARGE', 'The headers of the request are too large.'],
  502: ['UNAVAILABLE', 'A part of Signalbox cannot be reached at the moment.'],
  503: ['UNAVAILABLE', 'A part of Signalbox cannot be reached at the moment.'],
  504: ['UNAVAILABLE', 'A part of Signalbox did not answer in time.'],
}

const STATUS_BY_CODE: Record<string, number> = {
  UNAUTHENTICATED: 401,
  FORBIDDEN: 403,
  NOT_FOUND: 404,
  RATE_LIMITED: 429,
  UNAVAILABLE: 503,
}

/** The uniform body for a status that has no more to say. */
export function errorBody(status: number, more: Record<string, unknown> = {}): ErrorBody {
  const [code, message] = BY_STATUS[status] ?? ['INTERNAL', 'Something went wrong on our side.']
  return { errors: [{ message, extensions: { code, ...more } }] }
}

/** Answers every failure of a route with the same JSON; what is no fault of the client is logged and masked. */
export function installErrorReplies(app: FastifyInstance, log: Logger, observer: EdgeObserver) {
  app.setErrorHandler((error, request, reply) => {
    observe(error, request, observer)
    return replyWithError(error as FastifyError, request, reply, log)
  })
}

function observe(error: unknown, request: FastifyRequest, observer: EdgeObserver) {
  if (error instanceof TooOftenError) observer.onLimited({ ...refusalOf(request, error), limit: error.limit })
  else if (error instanceof UnauthenticatedError || error instanceof ForbiddenError) observer.onDenied(refusalOf(request, error))
}

export function replyWithError(error: FastifyError | AppError, request: FastifyRequest, reply: FastifyReply, log: Logger) {
  if (error instanceof AppError) {
    const seconds = error.extensions['retryAfterSeconds']
    if (typeof seconds === 'number') reply.header('retry-after', String(seconds))
    const { http: _, ...extensions } = error.extensions
    const status = STATUS_BY_CODE[error.code] ?? 400
    return reply.code(status).send({ errors: [{ message: error.message, extensions }] } satisfies ErrorBody)
  }
  const status = error.statusCode ?? 500
  if (BY_STATUS[status] !== undefined) return reply.code(status).send(errorBody(status))
  log.error({ err: error, requestId: request.id, route: request.routeOptions.url }, 'unexpected failure')
  return reply.code(500).send(errorBody(500, { requestId: request.id }))
}

/** For bytes that are no HTTP, or too much of it: there is no request yet, only the socket. */
export function replyToClientError(error: Error & { code?: string }, socket: Duplex) {
  if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy()
  const status = error.code === 'HPE_HEADER_OVERFLOW' ? 431 : error.code === 'ERR_HTTP_REQUEST_TIMEOUT' ? 408 : 400
  const body = JSON.stringify(errorBody(status))
  const head = [`HTTP/1.1 ${status} ${STATUS_CODES[status]}`, 'content-type: application/json; charset=utf-8']
  socket.end([...head, `content-length: ${Buffer.byteLength(body)}`, 'connection: close', '', body].join('\r\n'))
}
