import type { FastifyInstance, FastifyRequest } from 'fastify'
import { getOperationAST, GraphQLError, type ExecutionArgs, type GraphQLFormattedError } from 'graphql'
import type { Context, ServerOptions, SubscribePayload } from 'graphql-ws'
import { makeHandler, type Extra } from 'graphql-ws/use/@fastify/websocket'
import { ForbiddenError, UnauthenticatedError } from '@signalbox/shared/errors'
import type { Logger } from '@signalbox/shared/logger'
import type { Revocations } from '@signalbox/shared/revocations'
import type { ServiceIdentity } from '@signalbox/shared/service-identity'
import { errorBody } from '../edge/error-reply.ts'
import { refusalOf, type EdgeObserver } from '../edge/observer.ts'
import type { RateLimits, TooOftenError } from '../edge/rate-limits.ts'
import type { EdgeSettings } from '../edge/settings.ts'
import { toClientErrors } from '../execution/client-errors.ts'
import { Documents } from '../execution/documents.ts'
import type { Operation } from '../execution/federation.ts'
import type { OperationContext } from '../execution/operation-context.ts'
import type { Operations } from '../execution/operations.ts'
import type { Caller, Callers } from '../session/caller.ts'
import { isOwnOrigin } from '../session/origin.ts'
import { Connection, TRY_AGAIN_LATER } from './connection.ts'
import { FederatedSubscription, SubscriptionRefused } from './federated-subscription.ts'
import { SocketLimits } from './socket-limits.ts'

export interface SubscriptionRouteOptions {
  operations: Operations
  callers: Callers
  publicUrl: string
  log: Logger
  /** As whom subgraphs are called. */
  identity: ServiceIdentity
  /** A revoked caller's sockets are closed. */
  revocations?: Pick<Revocations, 'onRevoked'> | undefined
  rates: RateLimits
  settings: EdgeSettings
  observer: EdgeObserver
  /** Addresses of subgraphs by name. */
  urls: ReadonlyMap<string, string>
}

/** Subscriptions that one socket may hold at a time. */
const MAX_SUBSCRIPTIONS = 100
/** Milliseconds from the opened socket to `connection_init`, else it is closed with 4408. */
const INIT_TIMEOUT = 5_000
/** Milliseconds between pings; a socket that does not answer until the next is ended. */
const PING_INTERVAL = 12_000

type Params = { authorization?: string }
type Socket = Context<Params, Extra & { connection?: Connection }>

/** `GET /graphql` as a WebSocket that speaks `graphql-transport-ws`. */
export async function subscriptionRoute(app: FastifyInstance, options: SubscriptionRouteOptions) {
  const limits = new SocketLimits(options.settings.sockets)
  const hooks = new SocketProtocol(options, limits).hooks()
  const handle = makeHandler<Params, { connection?: Connection }>(
    { ...hooks, isProd: true, connectionInitWaitTimeout: INIT_TIMEOUT },
    PING_INTERVAL,
  )
  app.route({
    method: 'GET',
    url: '/graphql',
    preValidation: async (request) => refuseSocket(request, options, limits),
    handler: async (_request, reply) => reply.code(405).header('allow', 'POST').send(errorBody(405)),
    wsHandler(socket, request) {
      limits.follow(socket, request.ip)
      return handle.call(this, socket, request)
    },
  })
}

/** A page of no known origin may not open a socket, whatever it brings: cookies would speak for it. */
function refuseSocket({ headers, ws, ip }: FastifyRequest, options: SubscriptionRouteOptions, limits: SocketLimits) {
  if (!ws) return
  limits.expect(ip)
  if (headers.origin === undefined || options.settings.corsOrigins.includes(headers.origin)) return
  if (!isOwnOrigin(headers.origin, options.publicUrl))
    throw new ForbiddenError('Sockets are open to the dashboard and to other programs, not to other pages.')
}

/** The gateway's side of the protocol: authenticates at `connection_init`; parses, validates, admits and plans at `subscribe`. */
class SocketProtocol {
  readonly #documents: Documents

  constructor(
    private readonly options: SubscriptionRouteOptions,
    private readonly limits: SocketLimits,
  ) {
    this.#documents = new Documents(options.operations.federation.schema)
  }

  hooks(): ServerOptions<Params, Extra & { connection?: Connection }> {
    return {
      onConnect: (socket) => this.#connect(socket),
      onSubscribe: (socket, _id, payload) => this.#admit(socket, payload),
      subscribe: (args) => (args.contextValue as Admitted).run() as never,
      execute: (args) => (args.contextValue as Admitted).run() as never,
      onNext: (_socket, _id, _payload, _args, { errors, ...result }) =>
        errors ? { ...result, errors: errors.map(toMessage) } : undefined,
      onError: (_socket, _id, _payload, errors) => errors.flatMap(refusalsIn).map(toMessage),
      onClose: ({ extra }) => extra.connection?.dispose(),
    }
  }

  /** False closes with 4403: the client gets a new token and comes again. */
  async #connect({ connectionParams, extra }: Socket): Promise<boolean> {
    try {
      const caller = await this.#identify(extra.request, connectionParams?.authorization)
      if (caller.mustRefresh) return false
      if (caller.viewer !== null && !this.limits.admit(caller.viewer.actorId, extra.socket)) {
        extra.socket.close(TRY_AGAIN_LATER, 'You have too many sockets open')
        return false
      }
      extra.connection = new Connection(extra.socket, extra.request, caller, this.options)
      if (extra.socket.readyState !== extra.socket.OPEN) extra.connection.dispose()
      return true
    } catch (error) {
      if (error instanceof UnauthenticatedError) this.options.observer.onDenied(refusalOf(extra.request, error))
      else extra.socket.close(TRY_AGAIN_LATER, 'Try again later')
      return false
    }
  }

  /** Without an origin it is no browser, and no cookie speaks. */
  async #identify(request: FastifyRequest, authorization = request.headers.authorization): Promise<Caller> {
    if (authorization !== undefined || request.headers.origin !== undefined)
      return this.options.callers.identify(request, authorization)
    return { viewer: null, refreshToken: undefined, mustRefresh: false }
  }

  #admit({ extra, subscriptions }: Socket, payload: SubscribePayload): ExecutionArgs | GraphQLError[] {
    const connection = extra.connection!
    const context = connection.nextContext()
    const refuse = (errors: GraphQLError[]) => toClientErrors(errors, { requestId: context.requestId, log: this.options.log })
    if (Object.keys(subscriptions).length > MAX_SUBSCRIPTIONS) return refuse([tooMany()])
    const tooOften = this.#count(context)
    if (tooOften !== undefined) return refuse([tooOften])
    const document = this.#documents.prepare(payload.query)
    if (Array.isArray(document)) return refuse(document)
    const operation: Operation = {
      document,
      operationName: payload.operationName ?? undefined,
      variables: payload.variables ?? {},
      context,
    }
    const refusals = this.options.operations.refusals(operation)
    if (refusals.length > 0) return refuse(refusals)
    try {
      const contextValue: Admitted = { run: this.#runnerOf(operation, connection) }
      return { schema: this.options.operations.federation.schema, document, operationName: payload.operationName, contextValue }
    } catch (error) {
      return refuse([
        error instanceof GraphQLError ? error : new GraphQLError('planning failed', { originalError: error as Error }),
      ])
    }
  }

  /** A message counts like a request, before anybody reads it. */
  #count({ address, requestId, viewer }: OperationContext): TooOftenError | undefined {
    try {
      this.options.rates.countAddress(address)
      return undefined
    } catch (error) {
      const errors = [error as TooOftenError]
      const refusal = { requestId, address, viewer, operation: null, errors }
      this.options.observer.onLimited({ ...refusal, limit: errors[0]!.limit })
      return errors[0]
    }
  }

  /** Plans at once, so that what cannot be planned is refused like any other fault. */
  #runnerOf(operation: Operation, connection: Connection): Admitted['run'] {
    const { operations, log } = this.options
    const kind = getOperationAST(operation.document, operation.operationName)?.operation
    if (kind !== 'subscription') return () => operations.execute(operation)
    const subscription = new FederatedSubscription(operations.federation, operation, log)
    return () => subscription.start(connection)
  }
}

interface Admitted {
  run(): unknown
}

const refusalsIn = (error: GraphQLError): readonly GraphQLError[] =>
  error.originalError instanceof SubscriptionRefused ? error.originalError.errors : [error]

/** As on the wire: an HTTP status means nothing here. */
function toMessage(error: GraphQLError): GraphQLFormattedError {
  const { extensions, ...message } = error.toJSON()
  const { http: _, ...kept } = extensions ?? {}
  return { ...message, extensions: kept }
}

const tooMany = () =>
  new GraphQLError(`A socket holds at most ${MAX_SUBSCRIPTIONS} subscriptions.`, {
    extensions: { code: 'QUERY_TOO_COMPLEX', limit: MAX_SUBSCRIPTIONS },
  })
