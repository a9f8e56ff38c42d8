import {
  getOperationAST,
  GraphQLError,
  Kind,
  type DocumentNode,
  type FragmentDefinitionNode,
  type OperationDefinitionNode,
} from 'graphql'
import type { Logger } from '@signalbox/shared/logger'
import type { EdgeObserver } from '../edge/observer.ts'
import { TooOftenError, type RateLimits } from '../edge/rate-limits.ts'
import { rootFieldsOf, tooManyAccountMutations } from './account-mutations.ts'
import type { Admission } from './admission.ts'
import { toClientErrors } from './client-errors.ts'
import { costOf } from './cost.ts'
import type { Federation, Operation, PlanResult } from './federation.ts'
import { variableFaults } from './input-errors.ts'
import { isDeeper, LIMITS, longestList, TooComplexError } from './limits.ts'

export interface OperationParts {
  federation: Federation
  admission: Admission
  rates: RateLimits
  observer: EdgeObserver
  log: Logger
}

type Fragments = ReadonlyMap<string, FragmentDefinitionNode>

/** Mutations of accounts by which nobody gets in: a browser refreshes by itself, and everybody may leave. */
const NO_SIGN_IN = new Set(['refreshSession', 'signOut'])

/** Admits operations and runs queries and mutations; HTTP and WebSocket share it. */
export class Operations {
  readonly federation: Federation
  readonly #fragments = new WeakMap<DocumentNode, Fragments>()

  constructor(private readonly parts: OperationParts) {
    this.federation = parts.federation
  }

  /**
   * Why an operation may not run: it comes too often, is unknown by its name, not allowed to this caller, too costly, or has variables
   * that do not fit. The observer hears of it.
   */
  refusals(operation: Operation): GraphQLError[] {
    const found = getOperationAST(operation.document, operation.operationName)
    const name = found?.name?.value ?? null
    const { context } = operation
    if (name !== null) context.forwarded['x-signalbox-operation'] = name.slice(0, 100)
    const errors = this.#refusals(operation, found ?? undefined)
    const first = errors[0]
    if (first === undefined) return errors
    const refusal = { ...context, operation: name, errors }
    if (first instanceof TooOftenError) this.parts.observer.onLimited({ ...refusal, limit: first.limit })
    else if (DENIALS.has(first.extensions['code'])) this.parts.observer.onDenied(refusal)
    return errors
  }

  #refusals({ document, operationName, variables, context }: Operation, operation?: OperationDefinitionNode): GraphQLError[] {
    if (!operation) return [unknownOperation(operationName)]
    const fragments = this.#fragmentsOf(document)
    try {
      this.parts.rates.countOperation(context)
      const accounts = this.#accountMutations(operation, fragments)
      if (accounts.length > 1) return [tooManyAccountMutations(accounts.length)]
      if (accounts.some((field) => this.#isSignIn(field))) this.parts.rates.countSignIn(context.address)
    } catch (error) {
      return [error as TooOftenError]
    }
    const excess = excessOf(variables)
    if (excess !== undefined) return [excess]
    const denials = this.parts.admission.refusals(document, operation, context)
    if (denials.length > 0) return denials
    const fault = variableFaults(this.federation.schema, operation, variables)
    return fault === undefined ? this.#costRefusals(operation, fragments, variables) : [fault]
  }

  /** Never rejects: what goes wrong is in `errors`. */
  async execute(operation: Operation): Promise<PlanResult> {
    const { document, operationName, context } = operation
    const scope = { requestId: context.requestId, log: this.parts.log }
    const refusals = this.refusals(operation)
    if (refusals.length > 0) return { errors: toClientErrors(refusals, scope) }
    if (getOperationAST(document, operationName)?.operation === 'subscription') return { errors: [notOverHttp()] }
    try {
      const { data, errors } = await this.federation.execute(this.federation.plan(document, operationName), operation)
      if (errors === undefined) return { data }
      this.#tellDenials(operation, errors)
      return { data, errors: toClientErrors(errors, scope) }
    } catch (error) {
      return {
        errors: toClientErrors(
          [error instanceof GraphQLError ? error : new GraphQLError('execution failed', { originalError: error as Error })],
          scope,
        ),
      }
    }
  }

  /** What a subgraph refused for want of rights, and has not recorded itself. */
  #tellDenials({ document, operationName, context }: Operation, errors: readonly GraphQLError[]) {
    const denied = errors.filter(({ extensions }) => extensions['code'] === 'FORBIDDEN' && extensions['recorded'] !== true)
    if (denied.length === 0) return
    const operation = getOperationAST(document, operationName)?.name?.value ?? null
    this.parts.observer.onDenied({ ...context, operation, errors: denied })
  }

  #accountMutations(operation: OperationDefinitionNode, fragments: Fragments): string[] {
    if (operation.operation !== 'mutation') return []
    // At most `LIMITS.rootFields`: validation has counted them.
    return rootFieldsOf(operation, fragments).filter((field) => this.federation.accountMutations.has(field))
  }

  /** Open to everybody, and by it somebody may get in. */
  #isSignIn(field: string): boolean {
    return !this.federation.rules.has(`Mutation.${field}`) && !NO_SIGN_IN.has(field)
  }

  #costRefusals(operation: OperationDefinitionNode, fragments: Fragments, variables: Record<string, unknown>): GraphQLError[] {
    const { cost, largestPage } = costOf(this.federation.schema, operation, fragments, variables)
    if (largestPage > LIMITS.page) return [new TooComplexError('items on one page (first or last)', LIMITS.page, largestPage)]
    if (cost > LIMITS.cost) return [new TooComplexError('objects that may come back; ask for smaller pages', LIMITS.cost, cost)]
    return []
  }

  #fragmentsOf(document: DocumentNode): Fragments {
    let fragments = this.#fragments.get(document)
    if (fragments === undefined) {
      const nodes = document.definitions.filter((node) => node.kind === Kind.FRAGMENT_DEFINITION)
      this.#fragments.set(document, (fragments = new Map(nodes.map((node) => [node.name.value, node]))))
    }
    return fragments
  }
}

const DENIALS = new Set<unknown>(['UNAUTHENTICATED', 'FORBIDDEN'])

function excessOf(variables: Record<string, unknown>): GraphQLError | undefined {
  if (isDeeper(variables, LIMITS.variables)) return new TooComplexError('levels in its variables', LIMITS.variables)
  const longest = longestList(variables)
  return longest > LIMITS.listItems ? new TooComplexError('items in one list', LIMITS.listItems, longest) : undefined
}

const unknownOperation = (name: string | undefined) =>
  new GraphQLError(
    name ? 'There is no operation of that name in the document.' : 'The document has several operations: name one.',
    {
      extensions: { code: 'OPERATION_RESOLUTION_FAILURE', http: { status: 400 } },
    },
  )

const notOverHttp = () =>
  new GraphQLError('Subscriptions are served over WebSocket, by the protocol graphql-transport-ws.', {
    extensions: { code: 'BAD_REQUEST', http: { status: 400 } },
  })
