import {
  DEFAULT_SUPPORTED_SUPERGRAPH_FEATURES,
  operationFromDocument,
  Supergraph,
  type Schema,
} from '@apollo/federation-internals'
import { buildOperationContext, executeQueryPlan, type GraphQLDataSource } from '@apollo/gateway'
import { QueryPlanner, type QueryPlan } from '@apollo/query-planner'
import type { DocumentNode, GraphQLSchema } from 'graphql'
import type { Logger } from '@signalbox/shared/logger'
import { accountMutationsOf } from './account-mutations.ts'
import type { OperationContext } from './operation-context.ts'
import { readScopeRules, type ScopeRules } from './scope-rules.ts'

/** One operation of a parsed and validated document. */
export interface Operation {
  document: DocumentNode
  operationName: string | undefined
  variables: Record<string, unknown>
  context: OperationContext
}

/** Data and errors of an executed plan. */
export type PlanResult = Awaited<ReturnType<typeof executeQueryPlan>>
type RequestContext = Parameters<typeof executeQueryPlan>[2]

export type Sources = Record<string, GraphQLDataSource>

/** Apollo Gateway refuses a supergraph with these unless it is told that somebody enforces them: `Admission` does. */
const SUPPORTED_FEATURES = new Set([
  ...DEFAULT_SUPPORTED_SUPERGRAPH_FEATURES,
  'https://specs.apollo.dev/authenticated/v0.1',
  'https://specs.apollo.dev/requiresScopes/v0.1',
])

/**
 * One version of the supergraph: its API schema, its rules, and Apollo's planner and plan executor over it. It never changes, so an
 * operation that has begun ends with the version that it began with.
 */
export class Federation {
  /** What clients see. */
  readonly schema: GraphQLSchema
  readonly rules: ScopeRules
  /** Mutations of which one operation may hold one. */
  readonly accountMutations: ReadonlySet<string>
  readonly subgraphs: readonly { name: string; url: string }[]
  readonly #apiSchema: Schema
  readonly #supergraphSchema: GraphQLSchema
  readonly #planner: QueryPlanner
  readonly #sources: Sources
  readonly #plans = new WeakMap<DocumentNode, Map<string | undefined, QueryPlan>>()

  /** @throws when the text is no supergraph, or needs a feature that nobody here enforces */
  constructor(
    sdl: string,
    createSource: (subgraph: { name: string; url: string }) => GraphQLDataSource,
    private readonly log: Logger,
  ) {
    this.rules = readScopeRules(sdl)
    this.accountMutations = accountMutationsOf(sdl)
    const supergraph = Supergraph.build(sdl, { supportedFeatures: SUPPORTED_FEATURES, validateSupergraph: true })
    this.subgraphs = supergraph.subgraphsMetadata()
    this.#sources = Object.fromEntries(this.subgraphs.map((subgraph) => [subgraph.name, createSource(subgraph)]))
    this.#apiSchema = supergraph.apiSchema()
    this.#supergraphSchema = supergraph.schema.toGraphQLJSSchema()
    this.schema = this.#apiSchema.toGraphQLJSSchema()
    this.#planner = new QueryPlanner(supergraph)
  }

  /** The plan of an operation, made once for each document. */
  plan(document: DocumentNode, operationName: string | undefined): QueryPlan {
    let plans = this.#plans.get(document)
    if (plans === undefined) this.#plans.set(document, (plans = new Map<string | undefined, QueryPlan>()))
    let plan = plans.get(operationName)
    if (plan === undefined) {
      plan = this.#planner.buildQueryPlan(operationFromDocument(this.#apiSchema, document, { operationName }))
      plans.set(operationName, plan)
    }
    return plan
  }

  /** Runs a plan of queries and mutations. `extraSources` answer for services that are no subgraph. */
  execute(plan: QueryPlan, operation: Operation, extraSources: Sources = {}): Promise<PlanResult> {
    const { document, operationName, variables, context } = operation
    const operationContext = buildOperationContext({ schema: this.schema, operationDocument: document, operationName })
    // Only what the executor reads. `metrics` must be there: it notes the paths of errors in it.
    const requestContext = { request: { variables, operationName }, context, metrics: {}, logger: this.log }
    return executeQueryPlan(
      plan,
      { ...this.#sources, ...extraSources },
      requestContext as unknown as RequestContext,
      operationContext,
      this.#supergraphSchema,
      this.#apiSchema,
    )
  }
}
