import { getOperationAST, getVariableValues, GraphQLError, type OperationDefinitionNode } from 'graphql'
import type { Logger } from '@signalbox/shared/logger'
import type { Admission } from './admission.ts'
import { toClientErrors, toVariableError } from './client-errors.ts'
import type { Federation, Operation, PlanResult } from './federation.ts'
import { isDeeper, LIMITS, TooComplexError } from './limits.ts'

/** Admits operations and runs queries and mutations; HTTP and WebSocket share it. */
export class Operations {
  constructor(
    readonly federation: Federation,
    private readonly admission: Admission,
    private readonly log: Logger,
  ) {}

  /** Why an operation may not run: unknown by its name, not allowed to this caller, or with variables that do not fit; in this order. */
  refusals({ document, operationName, variables, context }: Operation): GraphQLError[] {
    const operation = getOperationAST(document, operationName)
    if (!operation) return [unknownOperation(operationName)]
    if (isDeeper(variables, LIMITS.variables)) return [new TooComplexError('levels in its variables', LIMITS.variables)]
    const refusals = this.admission.refusals(document, operation, context)
    return refusals.length > 0 ? refusals : this.#variableErrors(operation, variables)
  }

  /** Never rejects: what goes wrong is in `errors`. */
  async execute(operation: Operation): Promise<PlanResult> {
    const { document, operationName, context } = operation
    const scope = { requestId: context.requestId, log: this.log }
    const refusals = this.refusals(operation)
    if (refusals.length > 0) return { errors: toClientErrors(refusals, scope) }
    if (getOperationAST(document, operationName)?.operation === 'subscription') return { errors: [notOverHttp()] }
    try {
      const { data, errors } = await this.federation.execute(this.federation.plan(document, operationName), operation)
      return errors === undefined ? { data } : { data, errors: toClientErrors(errors, scope) }
    } catch (error) {
      return {
        errors: toClientErrors(
          [error instanceof GraphQLError ? error : new GraphQLError('execution failed', { originalError: error as Error })],
          scope,
        ),
      }
    }
  }

  #variableErrors(operation: OperationDefinitionNode, variables: Record<string, unknown>): GraphQLError[] {
    const { errors } = getVariableValues(this.federation.schema, operation.variableDefinitions ?? [], variables)
    return (errors ?? []).map(toVariableError)
  }
}

const unknownOperation = (name: string | undefined) =>
  new GraphQLError(
    name ? `There is no operation named "${name}" in the document.` : 'The document has several operations: name one.',
    {
      extensions: { code: 'OPERATION_RESOLUTION_FAILURE', http: { status: 400 } },
    },
  )

const notOverHttp = () =>
  new GraphQLError('Subscriptions are served over WebSocket, by the protocol graphql-transport-ws.', {
    extensions: { code: 'BAD_REQUEST', http: { status: 400 } },
  })
