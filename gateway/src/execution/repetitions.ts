import { Kind, visit, type DocumentNode, type SelectionSetNode } from 'graphql'

export interface Repetitions {
  /** Fields that stand in one selection beside another of the same name or alias. */
  fields: number
  /** Spreads of named fragments. */
  spreads: number
}

/**
 * What GraphQL's rule of fields that can be merged (specification, 5.3.2) compares pair by pair: its time grows with the square of both, so
 * that a few kilobytes of repetitions take seconds. Counted in one pass.
 */
export function repetitionsIn(document: DocumentNode): Repetitions {
  const found = { fields: 0, spreads: 0 }
  visit(document, {
    FragmentSpread: () => {
      found.spreads += 1
    },
    SelectionSet: (set, _key, parent) => {
      // An inline fragment's fields are compared with those beside it, and counted there.
      if ((parent as { kind?: Kind } | undefined)?.kind === Kind.INLINE_FRAGMENT) return
      const names = namesIn(set)
      found.fields += names.length - new Set(names).size
    },
  })
  return found
}

function namesIn(set: SelectionSetNode, names: string[] = []): string[] {
  for (const selection of set.selections) {
    if (selection.kind === Kind.FIELD) names.push((selection.alias ?? selection.name).value)
    else if (selection.kind === Kind.INLINE_FRAGMENT) namesIn(selection.selectionSet, names)
  }
  return names
}
