import {
  getNamedType,
  getNullableType,
  isCompositeType,
  isListType,
  Kind,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql'

/** Items that a list counts for whose size nobody says, and a page without `first`. */
export const ASSUMED = { list: 5, page: 50 }

/** Arguments that say how many items come. */
const PAGE_ARGUMENTS = ['first', 'last']
/** Fields of a connection that hold its items. */
const PAGE_FIELDS = new Set(['nodes', 'edges'])

export interface OperationCost {
  cost: number
  /** The largest page that is asked for. */
  largestPage: number
}

/**
 * What an operation can cost at most, before it runs: every object counts one, multiplied by the sizes of the lists that it stands in; a
 * scalar costs nothing beside its object. The size of a page is its `first` or `last`.
 */
export function costOf(
  schema: GraphQLSchema,
  operation: OperationDefinitionNode,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
  variables: Record<string, unknown>,
): OperationCost {
  return new CostCounter(schema, fragments, withDefaults(operation, variables)).count(operation)
}

class CostCounter {
  /** By fragment and size of the page that it is spread in. */
  readonly #known = new Map<string, number>()
  #largestPage = 0

  constructor(
    private readonly schema: GraphQLSchema,
    private readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>,
    private readonly variables: Record<string, unknown>,
  ) {}

  count(operation: OperationDefinitionNode): OperationCost {
    const root = this.schema.getRootType(operation.operation)
    const cost = root ? this.#selections(operation.selectionSet, root, undefined) : 0
    return { cost, largestPage: this.#largestPage }
  }

  /** @param page items of the connection that these are the fields of; undefined: it is none */
  #selections(set: SelectionSetNode, parent: GraphQLCompositeType, page: number | undefined): number {
    return set.selections.reduce((sum, selection) => {
      if (selection.kind === Kind.FIELD) return sum + this.#field(selection, parent, page)
      if (selection.kind === Kind.FRAGMENT_SPREAD) return sum + this.#spread(selection.name.value, page)
      const type = selection.typeCondition && this.schema.getType(selection.typeCondition.name.value)
      return sum + this.#selections(selection.selectionSet, (type as GraphQLCompositeType | undefined) ?? parent, page)
    }, 0)
  }

  /** A fragment within itself costs nothing; another rule refuses it. */
  #spread(name: string, page: number | undefined): number {
    const key = `${name} ${page}`
    const known = this.#known.get(key)
    if (known !== undefined) return known
    this.#known.set(key, 0)
    const fragment = this.fragments.get(name)
    const type = fragment && this.schema.getType(fragment.typeCondition.name.value)
    const cost = type ? this.#selections(fragment.selectionSet, type as GraphQLCompositeType, page) : 0
    this.#known.set(key, cost)
    return cost
  }

  #field(node: FieldNode, parent: GraphQLCompositeType, page: number | undefined): number {
    const field = 'getFields' in parent ? parent.getFields()[node.name.value] : undefined
    const type = field && getNamedType(field.type)
    // Introspection is measured by depth, and closed in production.
    if (field === undefined || !isCompositeType(type) || node.selectionSet === undefined) return 0
    const own = this.#pageOf(node, field)
    const isList = isListType(getNullableType(field.type))
    if (!isList) return 1 + this.#selections(node.selectionSet, type, own)
    const size = own ?? (PAGE_FIELDS.has(field.name) ? page : undefined) ?? ASSUMED.list
    return size * (1 + this.#selections(node.selectionSet, type, undefined))
  }

  #pageOf(node: FieldNode, field: GraphQLField<unknown, unknown>): number | undefined {
    const sized = field.args.filter(({ name }) => PAGE_ARGUMENTS.includes(name))
    if (sized.length === 0) return undefined
    const asked = sized.map(({ name, defaultValue }) => this.#sizeIn(node, name) ?? defaultValue)
    const sizes = asked.filter((size): size is number => typeof size === 'number' && size >= 0)
    const size = sizes.length > 0 ? Math.max(...sizes) : ASSUMED.page
    this.#largestPage = Math.max(this.#largestPage, size)
    return size
  }

  #sizeIn(node: FieldNode, name: string): unknown {
    const value = node.arguments?.find((argument) => argument.name.value === name)?.value
    if (value?.kind === Kind.INT) return Number(value.value)
    return value?.kind === Kind.VARIABLE ? this.variables[value.name.value] : undefined
  }
}

function withDefaults(operation: OperationDefinitionNode, variables: Record<string, unknown>): Record<string, unknown> {
  const defaults = (operation.variableDefinitions ?? []).flatMap(({ variable, defaultValue }) =>
    defaultValue?.kind === Kind.INT ? [[variable.name.value, Number(defaultValue.value)] as const] : [],
  )
  return defaults.length === 0 ? variables : { ...Object.fromEntries(defaults), ...variables }
}
