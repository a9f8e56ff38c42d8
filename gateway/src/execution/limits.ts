import {
  GraphQLError,
  Kind,
  type ASTVisitor,
  type DefinitionNode,
  type DocumentNode,
  type FragmentDefinitionNode,
  type SelectionSetNode,
  type ValidationContext,
} from 'graphql'
import { repetitionsIn } from './repetitions.ts'

/** What one document may ask for. Alias limits stop a costly field from being asked many times under other names. */
export const LIMITS = {
  tokens: 4_000,
  depth: 15,
  rootFields: 50,
  aliases: 50,
  directives: 50,
  /** Fields of a name that stands beside it already, and spreads of fragments: each is compared with each. */
  repetitions: 100,
  /** Lists and objects within one another. */
  literals: 10,
  variables: 100,
  /** Items of one list in the variables or in a literal. */
  listItems: 1_000,
  /** `first` or `last`. */
  page: 500,
  /** Objects that may come back at most (`cost.ts`). */
  cost: 5_000,
}

/** A document over a limit. `cost` is what was counted, where it was counted to the end. */
export class TooComplexError extends GraphQLError {
  constructor(what: string, limit: number, cost?: number) {
    super(`The operation has more than ${limit} ${what}.`, {
      extensions: { code: 'QUERY_TOO_COMPLEX', ...(cost === undefined ? {} : { cost }), limit },
    })
  }
}

/**
 * Validation rule: depth, root fields and aliases of each operation, through fragments; introspection is measured like the rest. And how
 * deep lists and objects stand in one another in literals: the query planner's time doubles with each such list.
 */
export function limitsRule(context: ValidationContext): ASTVisitor {
  let [aliases, directives, longest] = [0, 0, 0]
  const nested = new Nesting()
  const measure = new Measure((name) => context.getFragment(name) ?? undefined)
  const report: Report = (what, limit, cost) => {
    if (cost > limit) context.reportError(new TooComplexError(what, limit, cost))
  }
  return {
    Field: (node) => {
      if (node.alias) aliases += 1
    },
    Directive: () => {
      directives += 1
    },
    OperationDefinition: {
      leave: (node) => {
        report('levels', LIMITS.depth, measure.depth(node.selectionSet))
        report('root fields', LIMITS.rootFields, measure.width(node.selectionSet))
      },
    },
    ListValue: {
      enter: (node) => {
        longest = Math.max(longest, node.values.length)
        nested.enter()
      },
      leave: nested.leave,
    },
    ObjectValue: nested,
    Document: {
      enter: ({ definitions }) => refuseRepetitions(context.getDocument(), definitions as DefinitionNode[], report),
      leave: () => {
        report('aliases', LIMITS.aliases, aliases)
        report('directives', LIMITS.directives, directives)
        report('items in one list', LIMITS.listItems, longest)
        report('lists and objects within one another in a literal (use a variable)', LIMITS.literals, nested.deepest)
      },
    },
  }
}

/** Nobody looks any further into a document that repeats too much, above all not GraphQL's own rule, which compares them all. */
function refuseRepetitions(document: DocumentNode, definitions: DefinitionNode[], report: Report) {
  const { fields, spreads } = repetitionsIn(document)
  report('fields that stand beside one of the same name', LIMITS.repetitions, fields)
  report('spreads of fragments', LIMITS.repetitions, spreads)
  if (Math.max(fields, spreads) > LIMITS.repetitions) definitions.length = 0
}

type Report = (what: string, limit: number, cost: number) => void

/** How deep a visitor goes. */
class Nesting {
  deepest = 0
  #now = 0

  readonly enter = () => {
    this.#now += 1
    this.deepest = Math.max(this.deepest, this.#now)
  }

  readonly leave = () => {
    this.#now -= 1
  }
}

/** Sizes of selections, each fragment measured once; a fragment within itself counts as nothing, another rule reports it. */
class Measure {
  readonly #depths = new Map<string, number>()
  readonly #widths = new Map<string, number>()

  constructor(private readonly fragmentOf: (name: string) => FragmentDefinitionNode | undefined) {}

  depth(set: SelectionSetNode): number {
    const depths = set.selections.map((selection) => {
      if (selection.kind === Kind.FIELD) return selection.selectionSet ? 1 + this.depth(selection.selectionSet) : 1
      if (selection.kind === Kind.INLINE_FRAGMENT) return this.depth(selection.selectionSet)
      return this.#once(this.#depths, selection.name.value, (inner) => this.depth(inner))
    })
    return Math.max(0, ...depths)
  }

  width(set: SelectionSetNode): number {
    return set.selections.reduce((sum, selection) => {
      if (selection.kind === Kind.FIELD) return sum + 1
      if (selection.kind === Kind.INLINE_FRAGMENT) return sum + this.width(selection.selectionSet)
      return sum + this.#once(this.#widths, selection.name.value, (inner) => this.width(inner))
    }, 0)
  }

  #once(known: Map<string, number>, name: string, measure: (set: SelectionSetNode) => number): number {
    const before = known.get(name)
    if (before !== undefined) return before
    known.set(name, 0)
    const fragment = this.fragmentOf(name)
    const size = fragment ? measure(fragment.selectionSet) : 0
    known.set(name, size)
    return size
  }
}

/** The most items of any list in a value that is no deeper than `LIMITS.variables`. */
export function longestList(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0
  const own = Array.isArray(value) ? value.length : 0
  // Nobody looks further into a list that is too long.
  if (own > LIMITS.listItems) return own
  return Object.values(value).reduce<number>((longest, inner) => Math.max(longest, longestList(inner)), own)
}

/** Whether lists and objects stand in one another more often than so. It stops looking there. */
export function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false
  return levels === 0 || Object.values(value).some((inner) => isDeeper(inner, levels - 1))
}
