import type { QueryPlan, SubscriptionNode } from '@apollo/query-planner'
import { GraphQLError, type ExecutionResult, type FormattedExecutionResult, type GraphQLFormattedError } from 'graphql'
import { CloseCode } from 'graphql-ws'
import type { Logger } from '@signalbox/shared/logger'
import { toClientErrors } from '../execution/client-errors.ts'
import type { Federation, Operation } from '../execution/federation.ts'
import { RESTART, TRY_AGAIN_LATER, type Connection } from './connection.ts'
import { OrderedStream } from './ordered-stream.ts'
import type { UpstreamEvents } from './upstream.ts'

/** The service that answers the first step of every event's plan: with the event itself. */
const EVENT_SERVICE = '(event)'

/** Errors with which a subgraph refuses a subscription, as they are. */
export class SubscriptionRefused extends Error {
  constructor(readonly errors: GraphQLError[]) {
    super('the subgraph refused the subscription')
  }
}

/**
 * Runs a subscription over several subgraphs. Apollo's planner splits it into `primary`, which its owner streams, and `rest`, the
 * fields of other subgraphs, which every event fetches by the normal execution of a plan.
 */
export class FederatedSubscription {
  readonly #eventPlan: QueryPlan
  readonly #primary: SubscriptionNode['primary']

  /** @throws {GraphQLError} when the operation, with all its conditions, subscribes to nothing */
  constructor(
    private readonly federation: Federation,
    private readonly operation: Operation,
    private readonly log: Logger,
  ) {
    const { node } = federation.plan(operation.document, operation.operationName)
    if (node?.kind !== 'Subscription') {
      throw new GraphQLError('The operation subscribes to nothing.', { extensions: { code: 'BAD_REQUEST' } })
    }
    this.#primary = node.primary
    // `executeQueryPlan` starts from an empty object; the event comes in as the answer of a first fetch.
    const first = { ...node.primary, serviceName: EVENT_SERVICE }
    this.#eventPlan = { kind: 'QueryPlan', node: { kind: 'Sequence', nodes: node.rest ? [first, node.rest] : [first] } }
  }

  /** Starts it for one client; what it gives is in the order of the owner's events. */
  start(connection: Connection): AsyncIterableIterator<ExecutionResult> {
    const upstream = connection.upstream(this.#primary.serviceName)
    const stream = new OrderedStream<FormattedExecutionResult, ExecutionResult>((event) => this.#complete(event), {
      hold: () => upstream.hold(),
      release: () => upstream.release(),
      overflow: () => connection.close(TRY_AGAIN_LATER, 'The client is too slow'),
      left: () => stop(),
    })
    const stop = upstream.subscribe(this.#payload(), this.#events(stream, connection))
    return stream
  }

  #events(stream: OrderedStream<FormattedExecutionResult, ExecutionResult>, connection: Connection): UpstreamEvents {
    const refuse = (errors: readonly GraphQLFormattedError[]) => stream.fail(new SubscriptionRefused(this.#toClient(errors)))
    return {
      // An answer without `data` is none of an event: the subscription did not come about.
      event: (event) => (event.data === undefined && event.errors ? refuse(event.errors) : stream.push(event)),
      ended: () => stream.end(),
      refused: refuse,
      lost: (code) => {
        const isTokenRefused = code === CloseCode.Forbidden || code === CloseCode.Unauthorized
        this.log.warn({ code, subgraph: this.#primary.serviceName, requestId: this.operation.context.requestId }, 'upstream lost')
        // `error` or `complete` would make a client stop for good; a closed socket makes it come again and resume.
        if (isTokenRefused) connection.close(CloseCode.Forbidden, 'The access token is not accepted')
        else connection.close(RESTART, 'The source of the subscription was lost')
        stream.end()
      },
    }
  }

  #payload() {
    const { operation: query, operationName, variableUsages = [] } = this.#primary
    const given = this.operation.variables
    const variables = Object.fromEntries(
      variableUsages.filter((name) => given[name] !== undefined).map((name) => [name, given[name]]),
    )
    return { query, operationName, variables }
  }

  /** Fetches what other subgraphs add to an event. The event's data is this execution's own: it came parsed for this client alone. */
  async #complete(event: FormattedExecutionResult): Promise<ExecutionResult> {
    const source = { process: async () => event }
    try {
      const { data, errors } = await this.federation.execute(this.#eventPlan, this.operation, { [EVENT_SERVICE]: source })
      return errors === undefined ? { data } : { data, errors: toClientErrors(errors, this.#scope) }
    } catch (error) {
      return {
        data: null,
        errors: toClientErrors([new GraphQLError('execution failed', { originalError: error as Error })], this.#scope),
      }
    }
  }

  #toClient(errors: readonly GraphQLFormattedError[]): GraphQLError[] {
    return toClientErrors(
      errors.map(({ message, path, extensions }) => new GraphQLError(message, { path, extensions })),
      this.#scope,
    )
  }

  get #scope() {
    return { requestId: this.operation.context.requestId, log: this.log }
  }
}
