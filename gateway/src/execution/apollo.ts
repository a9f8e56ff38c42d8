import { ApolloServer, type ApolloServerOptionsWithGateway } from '@apollo/server'
import {
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginSchemaReportingDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled'
import { randomUUID } from 'node:crypto'
import type { Logger } from '@signalbox/shared/logger'
import { toClientError } from './client-errors.ts'
import { limitsRule, LIMITS } from './limits.ts'
import type { OperationContext } from './operation-context.ts'
import type { Operations } from './operations.ts'

/** Apollo Server parses, validates and speaks HTTP; what it admits is planned and executed by `Operations`. */
export async function startApollo(operations: Operations, log: Logger): Promise<ApolloServer<OperationContext>> {
  const apollo = new ApolloServer<OperationContext>({
    gateway: toGateway(operations),
    logger: log,
    // Admission decides by caller; suggestions are taken out of every message.
    introspection: true,
    csrfPrevention: true,
    includeStacktraceInErrorResponses: false,
    parseOptions: { maxTokens: LIMITS.tokens },
    validationRules: [limitsRule],
    formatError: (formatted, error) => toClientError(formatted, error, { requestId: randomUUID(), log }),
    stopOnTerminationSignals: false,
    plugins: [
      ApolloServerPluginLandingPageDisabled(),
      ApolloServerPluginUsageReportingDisabled(),
      ApolloServerPluginSchemaReportingDisabled(),
    ],
  })
  await apollo.start()
  return apollo
}

function toGateway(operations: Operations): ApolloServerOptionsWithGateway<OperationContext>['gateway'] {
  return {
    onSchemaLoadOrUpdate: (listener) => {
      listener({ apiSchema: operations.federation.schema, coreSupergraphSdl: '' })
      return () => {}
    },
    load: async () => ({
      executor: ({ document, request, context }) =>
        operations.execute({
          document,
          operationName: request.operationName ?? undefined,
          variables: request.variables ?? {},
          context: context as OperationContext,
        }),
    }),
    stop: async () => {},
  }
}
