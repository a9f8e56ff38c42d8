export interface LaidOutNode {
  name: string
  /** Place along the line, from 0. */
  rank: number
  /** 0: on the main line. 1: on the loop beside it, because an edge of the main line passes it by. More: others stand there already. */
  lane: number
}

export interface Way {
  from: string
  to: string
}

export interface Layout {
  nodes: LaidOutNode[]
  /** Indexes of the edges that lead back. */
  back: Set<number>
  ranks: number
}

/**
 * Puts the steps of a workflow on a line: each after all that lead to it (longest path; edges back are found by a depth-first walk and left
 * out), those that an edge of the main line passes by on a loop beside it, and those of one place beside each other.
 */
export function layOut(names: string[], edges: Way[]): Layout {
  const back = backEdges(names, edges)
  const forward = edges.filter((_, index) => !back.has(index))
  const rank = new Map<string, number>()
  const rankOf = (name: string): number => {
    const known = rank.get(name)
    if (known !== undefined) return known
    const before = forward.filter(({ to }) => to === name).map(({ from }) => rankOf(from) + 1)
    rank.set(name, Math.max(0, ...before))
    return rank.get(name)!
  }
  for (const name of names) rankOf(name)
  const lane = new Map(names.map((name) => [name, 0]))
  const passed = (name: string) =>
    forward.some(({ from, to }) => lane.get(from) === 0 && rank.get(from)! < rank.get(name)! && rank.get(to)! > rank.get(name)!)
  for (const name of names.toSorted((one, other) => rank.get(one)! - rank.get(other)!)) lane.set(name, passed(name) ? 1 : 0)
  const taken = new Set<string>()
  for (const name of names) {
    let free = lane.get(name)!
    while (taken.has(`${rank.get(name)} ${free}`)) free += 1
    taken.add(`${rank.get(name)} ${free}`)
    lane.set(name, free)
  }
  return {
    nodes: names.map((name) => ({ name, rank: rank.get(name)!, lane: lane.get(name)! })),
    back,
    ranks: Math.max(0, ...rank.values()) + 1,
  }
}

function backEdges(names: string[], edges: Way[]): Set<number> {
  const back = new Set<number>()
  const open = new Set<string>()
  const closed = new Set<string>()
  const walk = (name: string) => {
    open.add(name)
    for (const [index, { from, to }] of edges.entries()) {
      if (from !== name) continue
      if (open.has(to)) back.add(index)
      else if (!closed.has(to)) walk(to)
    }
    open.delete(name)
    closed.add(name)
  }
  for (const name of names) if (!closed.has(name)) walk(name)
  return back
}
