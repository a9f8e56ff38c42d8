import { GraphQLError, type GraphQLFormattedError } from 'graphql'
import { AppError } from '@signalbox/shared/errors'
import type { Logger } from '@signalbox/shared/logger'
import { withoutValues } from './input-errors.ts'
import { LIMITS, TooComplexError } from './limits.ts'

export interface ErrorScope {
  requestId: string
  log: Logger
}

/** Codes that say nothing but "something broke": of Apollo Server, and of Apollo Gateway for a subgraph's error without a code. */
const UNEXPLAINED = new Set<unknown>([undefined, 'INTERNAL_SERVER_ERROR', 'DOWNSTREAM_SERVICE_ERROR'])

/** Extensions that tell of the inside: Apollo Gateway names the subgraph, others may send traces. */
const INNER_EXTENSIONS = ['serviceName', 'stacktrace', 'exception', 'http', 'recorded']

/**
 * What a client may see of an error. Expected failures (those with a code, of the gateway or of a subgraph) keep message, code and
 * extensions; anything else becomes INTERNAL with a request id that the log has too.
 */
export function toClientError(
  error: GraphQLFormattedError,
  original: unknown,
  { requestId, log }: ErrorScope,
): GraphQLFormattedError {
  const cause = original instanceof GraphQLError ? (original.originalError ?? original) : original
  if (cause instanceof AppError || cause instanceof TooComplexError)
    return { ...error, message: cause.message, extensions: visible(cause) }
  if (isTooManyTokens(error)) return new TooComplexError('tokens', LIMITS.tokens).toJSON()
  if (!UNEXPLAINED.has(error.extensions?.['code'])) {
    return { ...error, message: withoutValues(error.message), extensions: visible(error) }
  }
  log.error({ err: cause, requestId, path: error.path, subgraph: error.extensions?.['serviceName'] }, 'unexpected failure')
  return {
    message: 'Something went wrong on our side.',
    ...(error.path && { path: error.path }),
    extensions: { code: 'INTERNAL', requestId },
  }
}

/** The same for errors of an execution, kept as errors and with the HTTP status that their code asks for. */
export const toClientErrors = (errors: readonly GraphQLError[], scope: ErrorScope): GraphQLError[] =>
  errors.map((error) => {
    const { message, path, extensions } = toClientError(error.toJSON(), error, scope)
    const http = httpOf(extensions) ?? error.extensions['http']
    return new GraphQLError(message, { path, nodes: error.nodes, extensions: { ...extensions, ...(http ? { http } : {}) } })
  })

/** Adds to a validation error what the API promises: its code. */
export const toValidationError = (error: GraphQLError): GraphQLError =>
  error instanceof TooComplexError
    ? error
    : new GraphQLError(error.message, { nodes: error.nodes, extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } })

function httpOf(extensions: GraphQLFormattedError['extensions']) {
  if (extensions?.['code'] === 'UNAUTHENTICATED') return { status: 401 }
  if (extensions?.['code'] === 'QUERY_TOO_COMPLEX') return { status: 400 }
  if (extensions?.['code'] !== 'RATE_LIMITED') return undefined
  const seconds = Number(extensions['retryAfterSeconds'])
  return { status: 429, headers: new Map(Number.isFinite(seconds) ? [['retry-after', String(Math.ceil(seconds))]] : []) }
}

function visible({ extensions }: { extensions?: Record<string, unknown> }): Record<string, unknown> {
  return Object.fromEntries(Object.entries(extensions ?? {}).filter(([name]) => !INNER_EXTENSIONS.includes(name)))
}

const isTooManyTokens = ({ message }: GraphQLFormattedError) =>
  /^Syntax Error: Document contains more tha[nt] \d+ tokens/.test(message)
