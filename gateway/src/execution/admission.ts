import { GraphQLError, type DocumentNode, type GraphQLSchema, type OperationDefinitionNode } from 'graphql'
import { UnauthenticatedError } from '@signalbox/shared/errors'
import type { Viewer } from '@signalbox/shared/viewer'
import { collectDemands, type Demand, type OperationDemands } from './demands.ts'
import type { OperationContext } from './operation-context.ts'
import type { ScopeRule, ScopeRules } from './scope-rules.ts'

/** At most so many fields are named in one refusal. */
const NAMED_FIELDS = 10

/**
 * Decides before planning whether a caller may run an operation: wholly or not at all. The document is never changed, because plans
 * are cached by it.
 */
export class Admission {
  readonly #demands = new WeakMap<OperationDefinitionNode, OperationDemands>()

  constructor(
    private readonly schema: GraphQLSchema,
    private readonly rules: ScopeRules,
    private readonly mayIntrospect: (viewer: Viewer | null) => boolean,
  ) {}

  /** The reasons to refuse; none: go on. UNAUTHENTICATED (HTTP 401) when a token is missing, FORBIDDEN by field when scopes are. */
  refusals(
    document: DocumentNode,
    operation: OperationDefinitionNode,
    { viewer, mustRefresh }: OperationContext,
  ): GraphQLError[] {
    if (mustRefresh && operation.operation !== 'mutation') return [new UnauthenticatedError('The access token has ended.')]
    const { fields, introspects } = this.#demandsOf(document, operation)
    if (introspects && !this.mayIntrospect(viewer)) return [introspectionRefused()]
    if (fields.length === 0) return []
    if (viewer === null) return [new UnauthenticatedError()]
    const denied = fields.filter((field) => !field.rules.every((rule) => isMet(rule, viewer)))
    return denied.slice(0, NAMED_FIELDS).map((field) => forbidden(field, viewer))
  }

  #demandsOf(document: DocumentNode, operation: OperationDefinitionNode): OperationDemands {
    let demands = this.#demands.get(operation)
    if (demands === undefined) {
      demands = collectDemands(this.schema, this.rules, document, operation)
      this.#demands.set(operation, demands)
    }
    return demands
  }
}

const isMet = ({ anyOf }: ScopeRule, { scopes }: Viewer) =>
  anyOf === null || anyOf.some((all) => all.every((scope) => scopes.has(scope)))

function forbidden({ path, rules }: Demand, viewer: Viewer): GraphQLError {
  const unmet = rules
    .filter((rule) => !isMet(rule, viewer))
    .map(({ anyOf }) => (anyOf ?? []).map((all) => all.join(' and ')).join(', or '))
  const needs = unmet.filter(Boolean).join(', and ')
  const message = needs === '' ? `${path.join('.')} is closed to everybody.` : `${path.join('.')} needs the scope ${needs}.`
  return new GraphQLError(message, { path, extensions: { code: 'FORBIDDEN', http: { status: 200 } } })
}

const introspectionRefused = () =>
  new GraphQLError('Introspection is not open to you.', {
    extensions: { code: 'GRAPHQL_VALIDATION_FAILED', http: { status: 400 } },
  })
