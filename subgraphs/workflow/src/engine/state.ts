import { Annotation } from '@langchain/langgraph'
import type { Values } from '../expressions/expression.ts'
import type { WorkflowDefinition } from '../workflows/definition.ts'

/** What a step gave, as the steps after it and expressions see it under the step's name. */
export type StepOutcome = Record<string, unknown>

const merged = (before: Record<string, StepOutcome>, after: Record<string, StepOutcome>) => ({ ...before, ...after })

function added(before: Record<string, number>, after: Record<string, number>): Record<string, number> {
  const sum = { ...before }
  for (const [name, count] of Object.entries(after)) sum[name] = (sum[name] ?? 0) + count
  return sum
}

/** The graph's state. A body of a parallel map keeps one result for each item, under `name[index]`. */
export const RunState = Annotation.Root({
  input: Annotation<Record<string, unknown>>({ reducer: (_before, after) => after, default: () => ({}) }),
  results: Annotation<Record<string, StepOutcome>>({ reducer: merged, default: () => ({}) }),
  /** How often each step ran. */
  visits: Annotation<Record<string, number>>({ reducer: added, default: () => ({}) }),
})

export type State = typeof RunState.State
export type Update = Partial<Pick<State, 'results' | 'visits'>>

/** The state that a step leaves behind, as the graph will have it. */
export const after = (state: State, { results = {}, visits = {} }: Update): State => ({
  ...state,
  results: merged(state.results, results),
  visits: added(state.visits, visits),
})

/** One item of a parallel map: what its body is started with instead of the state. */
export interface MapItem {
  map: string
  index: number
  item: unknown
}

/** What the expressions of a definition see in this state. A step that has not run is null. */
export function valuesOf({ nodes, constants }: WorkflowDefinition, { input, results, visits }: State, item?: MapItem): Values {
  const counted = Object.fromEntries(nodes.map(({ name }) => [name, visits[name] ?? 0]))
  const outcomes = Object.fromEntries(nodes.map(({ name }) => [name, results[name] ?? null]))
  for (const node of nodes) {
    if (node.kind !== 'map') continue
    const count = results[node.name]?.['count']
    outcomes[node.each] =
      typeof count === 'number'
        ? (Array.from({ length: count }, (_, index) => results[itemKey(node.each, index)] ?? null) as never)
        : null
  }
  return { ...outcomes, input, constants, visits: counted, ...(item === undefined ? {} : { item: item.item, index: item.index }) }
}

export const itemKey = (node: string, index: number) => `${node}[${index}]`
