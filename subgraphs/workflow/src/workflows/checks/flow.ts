import type { WorkflowDefinition } from '../definition.ts'

export const START = '__start__'
export const END = '__end__'

export interface Way {
  from: string
  to: string
  /** Only one of the ways out of `from` is taken. */
  chosen: boolean
  /** Place in the document: of the edge, or of the map whose body it leads to. */
  edge: number | null
}

/** Sets of steps as bits: whole graphs are compared in one operation. */
type Steps = bigint

/**
 * How a definition can run: which steps come before which, for certain or perhaps. Ways whose ends do not exist are left out, so that it
 * can be asked about a document that is not right yet.
 */
export class Flow {
  readonly ways: Way[]
  readonly #names: string[]
  readonly #place: Map<string, number>
  readonly #out = new Map<string, Way[]>()
  readonly #in = new Map<string, Way[]>()
  readonly #joins: Set<string>
  readonly #bodies: Map<string, string>
  readonly #before: Map<string, Steps>
  readonly #after: Map<string, Steps>
  readonly #dominators: Map<string, Steps>

  constructor({ nodes, edges }: Pick<WorkflowDefinition, 'nodes' | 'edges'>) {
    this.#names = [...new Set([START, ...nodes.map(({ name }) => name), END])]
    this.#place = new Map(this.#names.map((name, at) => [name, at]))
    this.#joins = new Set(nodes.filter(({ join }) => join === 'all').map(({ name }) => name))
    this.#bodies = new Map(nodes.flatMap((node) => (node.kind === 'map' ? [[node.each, node.name] as const] : [])))
    const choosing = new Set(edges.filter(({ when }) => when !== undefined).map(({ from }) => from))
    const drawn = edges.map(({ from, to }, edge): Way => ({ from, to, chosen: choosing.has(from), edge }))
    const bodies = [...this.#bodies].map(([to, from]): Way => ({ from, to, chosen: false, edge: null }))
    this.ways = [...drawn, ...bodies].filter(({ from, to }) => this.#place.has(from) && this.#place.has(to))
    for (const name of this.#names) {
      this.#out.set(name, [])
      this.#in.set(name, [])
    }
    for (const way of this.ways) {
      this.#out.get(way.from)!.push(way)
      this.#in.get(way.to)!.push(way)
    }
    const sources = (step: string) => this.into(step).map(({ from }) => from)
    const targets = (step: string) => this.outOf(step).map(({ to }) => to)
    this.#before = this.#solve(sources, (step) => !this.#joins.has(step))
    this.#dominators = this.#solve(sources, () => true)
    this.#after = this.#solve(targets, (step) => this.outOf(step).some(({ chosen }) => chosen))
  }

  has = (name: string): boolean => this.#place.has(name)
  outOf = (name: string): Way[] => this.#out.get(name) ?? []
  into = (name: string): Way[] => this.#in.get(name) ?? []
  /** The map whose body it is. */
  mapOf = (name: string): string | undefined => this.#bodies.get(name)

  /** Every step that can be reached from there, itself only by a loop. */
  after = (name: string): Set<string> => this.#walk(name, (step) => this.outOf(step).map(({ to }) => to))
  /** Every step that can lead there, itself only by a loop. */
  before = (name: string): Set<string> => this.#walk(name, (step) => this.into(step).map(({ from }) => from))

  /** Steps that have certainly run when this one begins. */
  surelyBefore = (name: string): Set<string> => this.#steps(this.#before.get(name) ?? 0n)
  /** Steps that certainly run once this one has, before the run ends. */
  surelyAfter = (name: string): Set<string> => this.#steps(this.#after.get(name) ?? 0n)
  /** Steps that every way to this one passes, itself included. */
  dominators = (name: string): Set<string> => this.#steps((this.#dominators.get(name) ?? 0n) | this.#bit(name))

  /** For each step the steps that are certain by its neighbours: by all of them, or by any. The greatest solution: a loop is left one day. */
  #solve(neighbours: (step: string) => string[], byAll: (step: string) => boolean): Map<string, Steps> {
    const all = (1n << BigInt(this.#names.length)) - 1n
    const next = new Map(this.#names.map((name) => [name, neighbours(name)]))
    const known = new Map(this.#names.map((name) => [name, next.get(name)!.length === 0 ? 0n : all]))
    for (let changed = true; changed;) {
      changed = false
      for (const name of this.#names) {
        const given = next.get(name)!.map((step) => known.get(step)! | this.#bit(step))
        if (given.length === 0) continue
        const value = byAll(name) ? given.reduce((one, other) => one & other) : given.reduce((one, other) => one | other)
        changed ||= value !== known.get(name)
        known.set(name, value)
      }
    }
    return known
  }

  #walk(from: string, neighbours: (step: string) => string[]): Set<string> {
    const seen = new Set<string>()
    const open = neighbours(from)
    while (open.length > 0) {
      const step = open.pop()!
      if (seen.has(step)) continue
      seen.add(step)
      open.push(...neighbours(step))
    }
    return seen
  }

  #bit = (name: string): Steps => 1n << BigInt(this.#place.get(name) ?? 0)
  #steps = (steps: Steps): Set<string> => new Set(this.#names.filter((name) => (steps & this.#bit(name)) !== 0n))
}
