import type { GraphQLDataSource, GraphQLDataSourceProcessOptions } from '@apollo/gateway'
import type { GraphQLFormattedError } from 'graphql'
import type { Logger } from '@signalbox/shared/logger'
import { signRequest, type ServiceKey } from '@signalbox/shared/service-credential'
import type { Dispatcher } from 'undici'
import type { OperationContext } from './operation-context.ts'
import { unavailableErrors } from './unavailable.ts'

export interface SubgraphAnswer {
  data?: Record<string, unknown> | null
  errors?: GraphQLFormattedError[]
}

/** A fetch and its wait for a free connection, together: a subgraph that hangs holds nobody for longer. Milliseconds. */
const LONGEST_MS = 35_000

/** Looks into the exchange with one subgraph: adds headers to a request, reads headers of its answer. */
export interface SubgraphHooks {
  request?(headers: Record<string, string>, context: OperationContext, isMutation: boolean): void
  response?(headers: Record<string, string | string[] | undefined>, answer: SubgraphAnswer, context: OperationContext): void
}

/**
 * Sends fetches of a query plan to one subgraph over a shared pool of connections. An outage is an answer without data and with an
 * UNAVAILABLE error a field, so that the rest of the plan goes on.
 */
export class SubgraphSource implements GraphQLDataSource {
  readonly #origin: string
  readonly #path: string

  constructor(
    readonly name: string,
    url: string,
    private readonly dispatcher: Dispatcher,
    private readonly log: Logger,
    private readonly hooks: SubgraphHooks = {},
    private readonly key: ServiceKey | null = null,
  ) {
    const { origin, pathname, search } = new URL(url)
    this.#origin = origin
    this.#path = pathname + search
  }

  async process({ request, context }: GraphQLDataSourceProcessOptions): Promise<SubgraphAnswer> {
    const { query = '', variables, operationName } = request
    const operation = context as OperationContext
    const isMutation = query.startsWith('mutation')
    const headers: Record<string, string> = {
      ...operation.forwarded,
      'content-type': 'application/json',
      accept: 'application/json',
    }
    this.hooks.request?.(headers, operation, isMutation)
    try {
      const response = await this.#post(headers, JSON.stringify({ query, variables, operationName }), isMutation ? 1 : 2)
      const answer = await readAnswer(response)
      this.hooks.response?.(response.headers, answer, operation)
      return answer
    } catch (error) {
      this.log.warn({ err: error, subgraph: this.name, requestId: operation.requestId }, 'subgraph did not answer')
      return { data: null, errors: unavailableErrors(this.name, { query, variables }, isMutation && !isRefused(error)) }
    }
  }

  #sign(headers: Record<string, string>, body: string) {
    if (this.key === null) return {}
    return signRequest(this.key, { method: 'POST', path: this.#path, headers, body }, { audience: this.name })
  }

  /** A pooled connection may have been closed by a restarted subgraph just now: a query is then tried again, a mutation never. */
  async #post(headers: Record<string, string>, body: string, attempts: number): Promise<Dispatcher.ResponseData> {
    try {
      // A signature is good for one attempt.
      const signed = { ...headers, ...this.#sign(headers, body) }
      return await this.dispatcher.request({
        origin: this.#origin,
        path: this.#path,
        method: 'POST',
        headers: signed,
        body,
        signal: AbortSignal.timeout(LONGEST_MS),
      })
    } catch (error) {
      if (attempts > 1 && isLostConnection(error)) return this.#post(headers, body, attempts - 1)
      throw error
    }
  }
}

/** @throws when the answer is not one of a GraphQL server */
async function readAnswer(response: Dispatcher.ResponseData): Promise<SubgraphAnswer> {
  const text = await response.body.text()
  const answer = parseObject(text) as SubgraphAnswer | undefined
  if (answer === undefined || (answer.data === undefined && !Array.isArray(answer.errors))) {
    throw new Error(`no GraphQL answer, HTTP status ${response.statusCode}`)
  }
  return answer
}

function parseObject(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? value : undefined
  } catch {
    return undefined
  }
}

const codeOf = (error: unknown) => String((error as { code?: unknown } | null)?.code)
const isLostConnection = (error: unknown) => ['UND_ERR_SOCKET', 'ECONNRESET', 'EPIPE'].includes(codeOf(error))
/** Nothing was sent, so nothing can have been done. */
const isRefused = (error: unknown) =>
  ['ECONNREFUSED', 'ENOTFOUND', 'EHOSTUNREACH', 'UND_ERR_CONNECT_TIMEOUT'].includes(codeOf(error))
