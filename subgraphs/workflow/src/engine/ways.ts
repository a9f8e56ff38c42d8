import { holds } from '../expressions/expression.ts'
import type { NodeDefinition, WorkflowDefinition } from '../workflows/definition.ts'
import { StepError } from './failures.ts'
import { evaluated } from './nodes/node.ts'
import { valuesOf, type MapItem, type State } from './state.ts'

type Edge = WorkflowDefinition['edges'][number]

/** Where a run goes from each step, by the definition's edges. */
export class Ways {
  /** Steps that wait for all that lead to them, with those. */
  readonly joins: Map<string, string[]>
  readonly #edges: Map<string, Edge[]>

  constructor(private readonly definition: WorkflowDefinition) {
    const { nodes, edges } = definition
    const waiting = nodes.filter(({ join }) => join === 'all').map(({ name }) => name)
    this.joins = new Map(waiting.map((name) => [name, edges.filter(({ to }) => to === name).map(({ from }) => from)]))
    this.#edges = Map.groupBy(edges, ({ from }) => from)
  }

  /** The steps behind one, where it does not depend on the state; joins find out by themselves. */
  from(name: string): string[] {
    return (this.#edges.get(name) ?? []).map(({ to }) => to).filter((to) => to !== '__end__' && !this.joins.has(to))
  }

  /** What follows a step that left this state: names, and for a parallel map one start of its body for each item. */
  after(node: NodeDefinition, state: State): (string | { each: string; item: MapItem })[] {
    if (node.kind === 'map') return this.#spread(node.name, node.each, state)
    const edges = this.#edges.get(node.name) ?? []
    if (edges.every(({ when }) => when === undefined)) return this.from(node.name)
    const values = valuesOf(this.definition, state)
    const taken =
      edges.find(({ when }) => when !== undefined && evaluated(node.name, () => holds(when, values))) ??
      edges.find(({ when }) => when === undefined)
    if (taken === undefined) throw new StepError('PLATFORM', `No way leads on from the step "${node.name}".`, false)
    return taken.to === '__end__' ? [] : [taken.to]
  }

  /** Without any item, the run goes on behind the body. */
  #spread(map: string, each: string, { results }: State) {
    const items = (results[map]?.['items'] ?? []) as unknown[]
    return items.length === 0 ? this.from(each) : items.map((item, index) => ({ each, item: { map, index, item } }))
  }
}
