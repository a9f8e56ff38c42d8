import type { WorkflowDefinition } from '../definition.ts'
import { listed, type Report } from './report.ts'
import type { Flow } from './flow.ts'

/** A step that waits for every way in waits for ever when one of them is not taken. */
export function checkJoins({ nodes }: WorkflowDefinition, flow: Flow, report: Report): void {
  for (const [at, { name, join }] of nodes.entries()) {
    if (join !== 'all') continue
    const sources = [...new Set(flow.into(name).map(({ from }) => from))]
    const chosen = flow.into(name).filter((way) => way.chosen)
    for (const { edge, from } of chosen) {
      report(
        edge === null ? ['nodes', at, 'join'] : ['edges', edge],
        `leads to ${name}, which waits for every way in, but is only one of the ways out of ${from}: let a step between them lead there`,
      )
    }
    const bodies = flow.into(name).filter(({ from }) => flow.mapOf(from) !== undefined)
    for (const { edge, from } of bodies) {
      report(
        edge === null ? ['nodes', at, 'join'] : ['edges', edge],
        `leads to ${name}, which waits for every way in, but ${from} runs once for each item, or not at all: let a step between them lead there`,
      )
    }
    if (chosen.length + bodies.length > 0 || sources.length < 2) continue
    const late = sources.filter((source) => flow.dominators(source).has(name))
    if (late.length > 0) {
      report(['nodes', at, 'join'], `waits for ${listed(late)}, which only comes after it; take \`join\` away or the way back`)
    } else if (!surelyMeet(flow, sources)) {
      report(
        ['nodes', at, 'join'],
        `waits for ${listed(sources)}, but they do not always all run: lead to them from one step by ways without conditions, or take \`join\` away`,
      )
    }
  }
}

/** Whether the last step that every way to all of them passes leads to all of them, come what may. */
function surelyMeet(flow: Flow, sources: string[]): boolean {
  const common = sources
    .map((source) => [...flow.dominators(source)])
    .reduce((one, other) => one.filter((step) => other.includes(step)))
  // Nothing in common: they are not all reached, which is told where it is wrong.
  if (common.length === 0) return true
  const depth = (step: string) => flow.dominators(step).size
  const fork = common.reduce((one, other) => (depth(other) > depth(one) ? other : one))
  const certain = flow.surelyAfter(fork).add(fork)
  return sources.every((source) => certain.has(source))
}
