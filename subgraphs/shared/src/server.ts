import { ApolloServer, type BaseContext } from '@apollo/server'
import { ApolloServerPluginInlineTraceDisabled, ApolloServerPluginLandingPageDisabled } from '@apollo/server/plugin/disabled'
import { ApolloServerPluginDrainHttpServer } from '@apollo/server/plugin/drainHttpServer'
import fastifyApollo from '@as-integrations/fastify'
import websocket from '@fastify/websocket'
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import { GraphQLError, specifiedRules, validate, type GraphQLFormattedError, type ValidationRule } from 'graphql'
import { CloseCode } from 'graphql-ws'
import { makeHandler } from 'graphql-ws/use/@fastify/websocket'
import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { isDatabaseDown } from './database-failure.ts'
import { AppError, NotFoundError, UnauthenticatedError, UnavailableError } from './errors.ts'
import type { Subgraph } from './federation.ts'
import type { Logger } from './logger.ts'
import { admitCallersOnly, readSignedJson, refuseCaller } from './private-server.ts'
import type { Revocations } from './revocations.ts'
import type { ServiceIdentity } from './service-identity.ts'
import type { TokenVerifier, Viewer } from './viewer.ts'

/** Close code of the WebSocket registry (RFC 6455, 7.4.2) after which a client comes again. */
const TRY_AGAIN_LATER = 1013

export interface RequestInfo {
  viewer: Viewer | null
  requestId: string
  /** Lower-case names. */
  headers: Record<string, string | string[] | undefined>
  /** Sets a header of the answer; does nothing for a WebSocket. */
  setHeader(name: string, value: string): void
}

export interface ServerOptions<C extends BaseContext> {
  subgraph: Subgraph
  log: Logger
  verifyToken: TokenVerifier
  /** One context a request or subscription: the services that the resolvers call. */
  createContext(request: RequestInfo): C | Promise<C>
  /** What `/ready` asks: rejects, or takes over 1.5 s, when that part is down. */
  checks?: Record<string, () => Promise<unknown>>
  /** Closes the WebSockets of revoked tokens, and is a part of `/ready`. */
  revocations?: Revocations | undefined
  /** Adds routes beside `/graphql`, before the server listens. */
  routes?(app: FastifyInstance): void | Promise<void>
  /** Sizes in bytes. */
  bodyLimit?: number
  /** What an operation must keep to beside GraphQL's own rules; an AppError that one reports keeps its code. */
  validationRules?: readonly ValidationRule[]
  /** Who this service is and whom it answers to; absent: to everybody, for a test that starts it alone. */
  identity?: ServiceIdentity
  /** Exact paths that every trusted service may ask for, not only the gateway. */
  sharedPaths?: readonly string[]
}

/**
 * A subgraph's HTTP server: `/graphql` over POST and `graphql-transport-ws`, `/health` and `/ready`. A WebSocket carries its token as
 * `connectionParams.authorization`; it is closed with 4403 when that token ends or is revoked.
 */
export async function createServer<C extends BaseContext>(options: ServerOptions<C>): Promise<FastifyInstance> {
  const { subgraph, log, verifyToken, createContext } = options
  const app = await createPrivateServer(options)
  const contextOf = async (request: FastifyRequest, authorization: string | undefined, setHeader: RequestInfo['setHeader']) => {
    const requestId = String(request.headers['x-request-id'] ?? randomUUID())
    return createContext({ viewer: await verifyToken(authorization), requestId, headers: request.headers, setHeader })
  }

  const apollo = new ApolloServer<C>({
    schema: subgraph.schema,
    includeStacktraceInErrorResponses: false,
    introspection: false,
    validationRules: [...(options.validationRules ?? [])],
    formatError: (formatted, error) => maskError(formatted, error, log),
    plugins: [
      ApolloServerPluginInlineTraceDisabled(),
      ApolloServerPluginLandingPageDisabled(),
      ApolloServerPluginDrainHttpServer({ httpServer: app.server }),
    ],
  })
  await apollo.start()

  await app.register(async (scope) => {
    scope.get('/graphql', { websocket: true }, subscriptionHandler(options, contextOf))
  })
  await app.register(async (scope) => {
    readSignedJson(scope, Boolean(options.identity?.trustedCallers))
    await scope.register(fastifyApollo(apollo), {
      path: '/graphql',
      method: ['POST'],
      context: (request: FastifyRequest, reply: FastifyReply) =>
        contextOf(request, request.headers.authorization, (name, value) => void reply.header(name, value)),
    } as never)
  })
  app.get('/health', async () => ({ status: 'ok' }))
  app.get('/ready', async (_request, reply) => {
    const { revocations } = options
    const report = await readiness({ ...options.checks, ...(revocations && { revocations: () => revocations.check() }) })
    return reply.code(report.status === 'ok' ? 200 : 503).send(report)
  })
  app.setNotFoundHandler((_request, reply) => {
    const error = new NotFoundError('address')
    return reply.code(404).send({ errors: [{ message: error.message, extensions: { code: error.code } }] })
  })
  await options.routes?.(app)
  return app
}

/** Over mutual TLS where that is set up; answers to trusted services alone. */
async function createPrivateServer<C extends BaseContext>(options: ServerOptions<C>): Promise<FastifyInstance> {
  const { identity, sharedPaths, bodyLimit, log } = options
  const https = identity?.tls ? { https: { ...identity.tls, requestCert: true, rejectUnauthorized: true } } : {}
  const app = fastify({
    bodyLimit: bodyLimit ?? 4 * 1024 * 1024,
    forceCloseConnections: true,
    // Raised before any hook runs, by an address that is none.
    frameworkErrors: (_error, _request, reply) => void refuseCaller(reply),
    ...https,
  }) as FastifyInstance
  await app.register(websocket, { options: { maxPayload: 1024 * 1024 } })
  // After the WebSocket's own hook, which ends the sockets of upgrades that are refused.
  if (identity) admitCallersOnly(app, { identity, log, ...(sharedPaths && { sharedPaths }) })
  return app
}

type ContextOf<C> = (
  request: FastifyRequest,
  authorization: string | undefined,
  setHeader: RequestInfo['setHeader'],
) => Promise<C>

/** What ends with a socket: the timer of its token, and the wait for its revocation. */
type SocketState = {
  timer?: NodeJS.Timeout
  forget?: (() => void) | undefined
}

function subscriptionHandler<C extends BaseContext>(
  { subgraph, log, verifyToken, revocations, validationRules = [] }: ServerOptions<C>,
  contextOf: ContextOf<C>,
) {
  const tokenOf = (params: unknown) => (params as { authorization?: string } | undefined)?.authorization
  const forget = (extra: SocketState) => {
    clearTimeout(extra.timer)
    extra.forget?.()
  }
  return makeHandler<Record<string, unknown>, SocketState>({
    schema: subgraph.schema,
    validate: (schema, document) => validate(schema, document, [...specifiedRules, ...validationRules]),
    onConnect: async ({ connectionParams, extra }) => {
      const viewer = await verifyToken(tokenOf(connectionParams)).catch((error: unknown) => {
        // The keys are out of reach: that is no fault of the token's.
        if (!(error instanceof UnauthenticatedError)) extra.socket.close(TRY_AGAIN_LATER, 'Try again later')
        return null
      })
      if (viewer === null) return false
      const close = () => extra.socket.close(CloseCode.Forbidden, 'The access token has ended')
      extra.timer = setTimeout(close, viewer.expiresAt * 1000 - Date.now())
      extra.forget = revocations?.onRevoked(viewer, close)
      // It left meanwhile, and `onClose` was before.
      if (extra.socket.readyState !== extra.socket.OPEN) forget(extra)
      return true
    },
    onClose: ({ extra }) => forget(extra),
    context: ({ extra, connectionParams }) => contextOf(extra.request, tokenOf(connectionParams), () => {}),
    onError: (_context, _id, _payload, errors) => errors.map((error) => maskError(error.toJSON(), error, log)),
    onNext: (_context, _id, _payload, _args, result) =>
      result.errors
        ? { ...result, errors: result.errors.map((error) => maskError(error.toJSON(), error, log)) as never }
        : result,
  })
}

/** Leaves expected failures as they are and hides everything else behind a request id that the log has too. */
export function maskError(formatted: GraphQLFormattedError, error: unknown, log: Logger): GraphQLFormattedError {
  const cause = error instanceof GraphQLError ? (error.originalError ?? error) : error
  const original = isDatabaseDown(cause) ? new UnavailableError('database') : cause
  if (original instanceof AppError) {
    const { http: _, ...extensions } = original.extensions
    return { ...formatted, message: original.message, extensions }
  }
  const code = formatted.extensions?.['code']
  const isClientFault = typeof code === 'string' && code !== 'INTERNAL_SERVER_ERROR'
  const isValidation = original instanceof GraphQLError && original.path === undefined && code === undefined
  if (isClientFault || isValidation) return formatted
  const requestId = randomUUID()
  log.error({ err: original, requestId, path: formatted.path }, 'unexpected failure')
  return {
    ...formatted,
    message: 'Something went wrong on our side.',
    extensions: { code: 'INTERNAL', requestId },
  }
}

/** Asks every part at once. @param waitMs what each has to answer; who asks a server that asks others waits longer than that one */
export async function readiness(checks: Record<string, () => Promise<unknown>>, waitMs = 1_500) {
  const parts = await Promise.all(
    Object.entries(checks).map(async ([name, check]) => {
      const timer = new AbortController()
      const late = sleep(waitMs, undefined, { signal: timer.signal }).then(() => Promise.reject(new Error('no answer')))
      late.catch(() => {})
      const ok = await Promise.race([check(), late]).then(
        () => true,
        () => false,
      )
      timer.abort()
      return [name, ok ? 'ok' : 'down'] as const
    }),
  )
  return { status: parts.every(([, state]) => state === 'ok') ? 'ok' : 'degraded', parts: Object.fromEntries(parts) }
}
