import { GraphQLError, Kind, parse, type GraphQLFormattedError, type SelectionSetNode } from 'graphql'
import { UnavailableError } from '@signalbox/shared/errors'

interface Fetch {
  query: string
  variables?: Record<string, unknown>
}

/**
 * The errors of a fetch that its subgraph did not answer: one for each field that stays null, so that a client knows which. Neither
 * address nor cause is told.
 * @param unclear whether the request may have been carried out all the same
 */
export function unavailableErrors(service: string, fetch: Fetch, unclear: boolean): GraphQLFormattedError[] {
  const { message, extensions } = unclear ? noAnswer(service) : new UnavailableError(service)
  return pathsOf(fetch).map((path) => ({ message, path, extensions: { ...extensions } }))
}

const noAnswer = (service: string) =>
  new GraphQLError(`The ${service} service did not answer in time. It may have carried out the request all the same.`, {
    extensions: { code: 'UNAVAILABLE', service },
  })

/** Paths as a subgraph would report them; Apollo's executor maps `_entities` to where each entity stands. */
function pathsOf({ query, variables }: Fetch): (string | number)[][] {
  const operation = parse(query, { noLocation: true }).definitions.find((node) => node.kind === Kind.OPERATION_DEFINITION)
  const representations = variables?.['representations'] as { __typename?: string }[] | undefined
  if (operation === undefined) return []
  if (representations === undefined) return namesIn(operation.selectionSet).map((name) => [name])
  const entities = operation.selectionSet.selections.find((node) => node.kind === Kind.FIELD && node.name.value === '_entities')
  const set = entities?.kind === Kind.FIELD ? entities.selectionSet : undefined
  return representations.flatMap(({ __typename }, index) => namesIn(set, __typename).map((name) => ['_entities', index, name]))
}

function namesIn(set: SelectionSetNode | undefined, type?: string): string[] {
  const names = (set?.selections ?? []).flatMap((node) => {
    if (node.kind === Kind.FIELD) return node.name.value === '__typename' ? [] : [(node.alias ?? node.name).value]
    if (node.kind !== Kind.INLINE_FRAGMENT) return []
    const condition = node.typeCondition?.name.value
    return type === undefined || condition === undefined || condition === type ? namesIn(node.selectionSet) : []
  })
  return [...new Set(names)]
}
