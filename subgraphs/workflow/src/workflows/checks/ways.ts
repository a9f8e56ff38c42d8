import type { WorkflowDefinition } from '../definition.ts'
import { END, START, type Flow } from './flow.ts'
import { checkJoins } from './joins.ts'
import { listed, type Report } from './report.ts'

/** How the steps hang together: ends that exist, one start, ways on, no loop without an exit, maps and joins. */
export function checkWays(definition: WorkflowDefinition, flow: Flow, report: Report): void {
  checkEnds(definition, flow, report)
  checkStart(definition, report)
  checkWaysOut(definition, flow, report)
  checkMaps(definition, report)
  checkReach(definition, flow, report)
  checkLoops(definition, flow, report)
  checkJoins(definition, flow, report)
}

function checkEnds({ nodes, edges }: WorkflowDefinition, flow: Flow, report: Report) {
  const seen = new Set<string>()
  const names = `the steps are ${listed(nodes.map(({ name }) => name))}`
  for (const [at, { from, to, when }] of edges.entries()) {
    if (from === END) report(['edges', at, 'from'], 'must not be __end__: nothing comes after it')
    else if (!flow.has(from)) report(['edges', at, 'from'], `is no step; ${names}, and the start is ${START}`)
    if (to === START) report(['edges', at, 'to'], 'must not be __start__: nothing leads back before it')
    else if (!flow.has(to)) report(['edges', at, 'to'], `is no step; ${names}, and the end is ${END}`)
    const key = JSON.stringify([from, to, when])
    if (seen.has(key)) report(['edges', at], 'is the same way a second time')
    seen.add(key)
  }
}

function checkStart({ edges }: WorkflowDefinition, report: Report) {
  const starts = [...edges.entries()].filter(([, { from }]) => from === START)
  if (starts.length === 0) report(['edges'], `must have one edge from ${START}: it says which step comes first`)
  for (const [at, { when, to }] of starts) {
    if (when !== undefined) report(['edges', at, 'when'], `must not be there: the way from ${START} has no condition`)
    if (to === END) report(['edges', at, 'to'], 'must be a step')
  }
  for (const [at] of starts.slice(1)) report(['edges', at], `is a second way from ${START}; let the first step lead to both`)
}

function checkWaysOut({ nodes, edges }: WorkflowDefinition, flow: Flow, report: Report) {
  for (const [at, { name, kind }] of nodes.entries()) {
    const out = [...edges.entries()].filter(([, { from }]) => from === name)
    if (out.length === 0 && kind !== 'map')
      report(['nodes', at], `is a dead end: add an edge from ${name} to a step or to ${END}`)
    if (!out.some(([, { when }]) => when !== undefined)) continue
    const otherwise = out.filter(([, { when }]) => when === undefined)
    if (otherwise.length === 0) {
      report(['nodes', at], `has only ways with a condition: add one edge from ${name} without, for when none of them holds`)
    }
    for (const [edge] of otherwise.slice(1)) {
      report(['edges', edge], `is a second way without a condition out of ${name}, where others have one: give it a \`when\``)
    }
  }
  for (const { from, edge } of flow.ways) {
    if (edge !== null && nodes.some(({ name, kind }) => name === from && kind === 'map'))
      report(['edges', edge, 'from'], `is a map, and its ways leave from its body: begin at ${bodyOf(nodes, from)}`)
  }
}

const bodyOf = (nodes: WorkflowDefinition['nodes'], name: string) => {
  const node = nodes.find((one) => one.name === name)
  return node?.kind === 'map' ? node.each : name
}

function checkMaps({ nodes, edges }: WorkflowDefinition, report: Report) {
  const bodies = new Set<string>()
  for (const [at, node] of nodes.entries()) {
    if (node.kind !== 'map') continue
    const { each, name } = node
    const path = ['nodes', at, 'each']
    const body = nodes.find((one) => one.name === each)
    if (body === undefined) report(path, 'is no step')
    else if (body.kind === 'map')
      report(path, 'must not be a map itself: let the inner one be a workflow of its own (subworkflow)')
    if (bodies.has(each)) report(path, 'is the body of another map already')
    bodies.add(each)
    for (const [edge, { from, to, when }] of edges.entries()) {
      if (from === each && when !== undefined)
        report(['edges', edge, 'when'], `must not be there: ${each} runs once for each item; let a step after it choose the way`)
      if (to === each) report(['edges', edge, 'to'], `is the body of ${name}: only the map leads to it`)
    }
  }
}

function checkReach({ nodes }: WorkflowDefinition, flow: Flow, report: Report) {
  const reached = flow.after(START)
  const ending = flow.before(END)
  for (const [at, { name }] of nodes.entries()) {
    if (!reached.has(name)) report(['nodes', at], `is never reached: no way leads from ${START} to ${name}`)
    else if (!ending.has(name) && flow.outOf(name).length > 0)
      report(['nodes', at], `never comes to ${END}: give the steps after ${name} a way out`)
  }
}

/** A loop of ways that are always taken has no exit, whatever else leaves it. */
function checkLoops({ nodes }: WorkflowDefinition, flow: Flow, report: Report) {
  const state = new Map<string, 'open' | 'done'>()
  const walk = (name: string) => {
    state.set(name, 'open')
    for (const { to, chosen, edge } of flow.outOf(name)) {
      if (chosen) continue
      if (state.get(to) === 'open') {
        const path = edge === null ? ['nodes', nodes.findIndex((node) => node.name === name), 'each'] : ['edges', edge]
        report(path, `closes a loop that is never left: give one of its ways a condition, and another way out beside it`)
      } else if (!state.has(to)) walk(to)
    }
    state.set(name, 'done')
  }
  for (const { name } of nodes) if (!state.has(name)) walk(name)
}
