import {
  getNamedType,
  isInterfaceType,
  Kind,
  type DocumentNode,
  type FragmentDefinitionNode,
  type GraphQLCompositeType,
  type GraphQLNamedType,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql'
import type { ScopeRule, ScopeRules } from './scope-rules.ts'

/** A field of an operation that not everybody may select. */
export interface Demand {
  /** Response path of its first selection, through aliases and fragments. */
  path: string[]
  rules: ScopeRule[]
}

/** Everything that an operation demands of its caller, each coordinate once. */
export interface OperationDemands {
  fields: Demand[]
  /** Whether it asks about the schema itself (`__schema`, `__type`). */
  introspects: boolean
}

/**
 * Collects what an operation demands. A field demands what its own rule, its parent type's and its named return type's say; on an
 * interface, what every implementation says as well. `@skip` and `@include` are not looked at: what stands in the document counts.
 */
export function collectDemands(
  schema: GraphQLSchema,
  rules: ScopeRules,
  document: DocumentNode,
  operation: OperationDefinitionNode,
): OperationDemands {
  return new DemandCollector(schema, rules, fragmentsOf(document)).collect(operation)
}

const fragmentsOf = (document: DocumentNode) =>
  new Map(document.definitions.filter((node) => node.kind === Kind.FRAGMENT_DEFINITION).map((node) => [node.name.value, node]))

class DemandCollector {
  readonly #found = new Map<string, Demand>()
  readonly #seenFragments = new Set<string>()
  #introspects = false

  constructor(
    private readonly schema: GraphQLSchema,
    private readonly rules: ScopeRules,
    private readonly fragments: Map<string, FragmentDefinitionNode>,
  ) {}

  collect(operation: OperationDefinitionNode): OperationDemands {
    const root = this.schema.getRootType(operation.operation)
    if (root) this.#selections(operation.selectionSet, root, [])
    return { fields: [...this.#found.values()], introspects: this.#introspects }
  }

  #selections(set: SelectionSetNode, parent: GraphQLCompositeType, path: string[]) {
    for (const selection of set.selections) {
      if (selection.kind === Kind.FIELD) {
        this.#field(parent, selection.name.value, [...path, (selection.alias ?? selection.name).value], selection.selectionSet)
      } else if (selection.kind === Kind.INLINE_FRAGMENT) {
        this.#selections(selection.selectionSet, this.#typeOf(selection.typeCondition?.name.value) ?? parent, path)
      } else this.#fragment(selection.name.value, path)
    }
  }

  /** A fragment's demands do not depend on where it is spread: once is enough, however often a document repeats it. */
  #fragment(name: string, path: string[]) {
    const fragment = this.fragments.get(name)
    if (fragment === undefined || this.#seenFragments.has(name)) return
    this.#seenFragments.add(name)
    const type = this.#typeOf(fragment.typeCondition.name.value)
    if (type) this.#selections(fragment.selectionSet, type, path)
  }

  #field(parent: GraphQLCompositeType, name: string, path: string[], set: SelectionSetNode | undefined) {
    if (name === '__schema' || name === '__type') this.#introspects = true
    if (name.startsWith('__') || !('getFields' in parent)) return
    const field = parent.getFields()[name]
    if (field === undefined) return
    const returned = getNamedType(field.type)
    this.#demand(`${parent.name}.${name}`, path, this.#rulesOf(parent, name, returned))
    if (set) this.#selections(set, returned as GraphQLCompositeType, path)
  }

  #rulesOf(parent: GraphQLCompositeType, field: string, returned: GraphQLNamedType): ScopeRule[] {
    const owners = isInterfaceType(parent) ? [parent, ...this.schema.getPossibleTypes(parent)] : [parent]
    const coordinates = [...owners.flatMap((owner) => [owner.name, `${owner.name}.${field}`]), returned.name]
    return coordinates.flatMap((coordinate) => this.rules.get(coordinate) ?? [])
  }

  #demand(coordinate: string, path: string[], rules: ScopeRule[]) {
    if (rules.length > 0 && !this.#found.has(coordinate)) this.#found.set(coordinate, { path, rules })
  }

  #typeOf(name: string | undefined): GraphQLCompositeType | undefined {
    return name === undefined ? undefined : (this.schema.getType(name) as GraphQLCompositeType | undefined)
  }
}
