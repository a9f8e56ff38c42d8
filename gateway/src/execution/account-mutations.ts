import {
  GraphQLError,
  Kind,
  parse,
  valueFromASTUntyped,
  type ConstDirectiveNode,
  type FragmentDefinitionNode,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql'

/** The subgraph that knows who people are. */
const IDENTITY_GRAPH = 'auth'

/**
 * Names of the mutations that the identity subgraph answers, from the full supergraph document: aliases and fragments would give extra
 * tries at a code, so that an operation may hold only one of them.
 */
export function accountMutationsOf(supergraphSdl: string): ReadonlySet<string> {
  const document = parse(supergraphSdl, { noLocation: true })
  const graph = document.definitions
    .flatMap((node) => (node.kind === Kind.ENUM_TYPE_DEFINITION && node.name.value === 'join__Graph' ? (node.values ?? []) : []))
    .find((value) => value.directives?.some((directive) => argumentOf(directive, 'name') === IDENTITY_GRAPH))?.name.value
  if (graph === undefined) return new Set()
  const mutation = document.definitions.find(
    (node) => node.kind === Kind.OBJECT_TYPE_DEFINITION && node.name.value === 'Mutation',
  )
  if (mutation?.kind !== Kind.OBJECT_TYPE_DEFINITION) return new Set()
  const everywhere = graphsOf(mutation.directives, 'join__type')
  const owned = (mutation.fields ?? []).filter((field) => {
    const graphs = graphsOf(field.directives, 'join__field')
    return (graphs.length > 0 ? graphs : everywhere).includes(graph)
  })
  return new Set(owned.map((field) => field.name.value))
}

const graphsOf = (directives: readonly ConstDirectiveNode[] | undefined, name: string) =>
  (directives ?? [])
    .filter((directive) => directive.name.value === name)
    .map((directive) => argumentOf(directive, 'graph'))
    .filter((graph) => graph !== undefined)

const argumentOf = (directive: ConstDirectiveNode, name: string): unknown => {
  const value = directive.arguments?.find((argument) => argument.name.value === name)?.value
  return value && valueFromASTUntyped(value)
}

/** The root fields of an operation by name, through fragments; a fragment that is spread twice counts twice. */
export function rootFieldsOf(
  operation: OperationDefinitionNode,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
): string[] {
  const known = new Map<string, string[]>()
  const fieldsIn = (set: SelectionSetNode): string[] =>
    set.selections.flatMap((selection) => {
      if (selection.kind === Kind.FIELD) return [selection.name.value]
      if (selection.kind === Kind.INLINE_FRAGMENT) return fieldsIn(selection.selectionSet)
      const name = selection.name.value
      // Spread in itself it holds nothing; another rule refuses that.
      if (!known.has(name)) {
        known.set(name, [])
        const fragment = fragments.get(name)
        known.set(name, fragment ? fieldsIn(fragment.selectionSet) : [])
      }
      return known.get(name)!
    })
  return fieldsIn(operation.selectionSet)
}

export const tooManyAccountMutations = (count: number) =>
  new GraphQLError('An operation may hold one mutation of accounts and sign-in; send the others one by one.', {
    extensions: { code: 'QUERY_TOO_COMPLEX', cost: count, limit: 1, http: { status: 400 } },
  })
