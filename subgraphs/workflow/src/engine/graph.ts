import { END, Send, START, StateGraph, type LangGraphRunnableConfig } from '@langchain/langgraph'
import type { BaseCheckpointSaver } from '@langchain/langgraph-checkpoint'
import { holds } from '../expressions/expression.ts'
import type { NodeDefinition, NodeOf, WorkflowDefinition } from '../workflows/definition.ts'
import { evaluated } from './nodes/node.ts'
import { StepError } from './failures.ts'
import type { Session } from './session.ts'
import { RunState, valuesOf, type MapItem, type State } from './state.ts'
import { AttemptError, DEFAULT_RETRY, StepRunner } from './step-runner.ts'

type Edges = WorkflowDefinition['edges']

/** Compiles a definition to a LangGraph graph that runs in one session with its saver. */
export function compileGraph(definition: WorkflowDefinition, session: Session, checkpointer: BaseCheckpointSaver) {
  const graph = new StateGraph(RunState) as unknown as OpenGraph
  const maps = definition.nodes.filter((node): node is NodeOf<'map'> => node.kind === 'map')
  for (const node of definition.nodes) {
    const runner = new StepRunner(definition, node, session)
    const step = (given: State | MapItem, config: LangGraphRunnableConfig) => {
      const attempt = config.executionInfo?.nodeAttempt ?? 1
      return 'map' in given ? runner.run(session.state(), attempt, given) : runner.run(given, attempt)
    }
    graph.addNode(node.name, step, { retryPolicy: retryPolicyOf(node) })
  }
  for (const map of maps) addMap(graph, definition, map)
  for (const [from, edges] of Map.groupBy(definition.edges, (edge) => edge.from)) addWays(graph, definition, from, edges)
  addJoins(graph, definition)
  return graph.compile({ checkpointer })
}

/** The builder without the static names of its nodes: ours come from data. */
interface OpenGraph {
  addNode(name: string, step: unknown, options: object): unknown
  addEdge(from: string | string[], to: string): unknown
  addConditionalEdges(from: string, route: (state: State) => string | (string | Send)[], targets: string[]): unknown
  compile(options: object): ReturnType<StateGraph<typeof RunState>['compile']>
}

const sourceOf = (name: string) => (name === '__start__' ? START : name)
const targetOf = (name: string) => (name === '__end__' ? END : name)

/** The body runs once for each item; without any, the run goes on behind it. */
function addMap(graph: OpenGraph, { edges }: WorkflowDefinition, { name, each }: NodeOf<'map'>) {
  const behind = edges.filter(({ from }) => from === each).map(({ to }) => targetOf(to))
  const spread = ({ results }: State) => {
    const items = (results[name]?.['items'] ?? []) as unknown[]
    if (items.length === 0) return behind
    return items.map((item, index) => new Send(each, { map: name, index, item } satisfies MapItem))
  }
  graph.addConditionalEdges(name, spread, [each, ...behind])
}

function addWays(graph: OpenGraph, definition: WorkflowDefinition, from: string, edges: Edges) {
  const joining = new Set(definition.nodes.flatMap(({ name, join }) => (join === 'all' ? [name] : [])))
  if (edges.some(({ when }) => when !== undefined)) {
    graph.addConditionalEdges(sourceOf(from), (state) => route(definition, edges, state), [
      ...new Set(edges.map(({ to }) => targetOf(to))),
    ])
  } else for (const { to } of edges) if (!joining.has(to)) graph.addEdge(sourceOf(from), targetOf(to))
}

function addJoins(graph: OpenGraph, { nodes, edges }: WorkflowDefinition) {
  for (const { name, join } of nodes) {
    const sources = edges.filter(({ to }) => to === name).map(({ from }) => sourceOf(from))
    if (join === 'all' && sources.length > 0) graph.addEdge(sources, name)
  }
}

/** The first way whose condition holds; one without a condition is the way that is left. */
function route(definition: WorkflowDefinition, edges: Edges, state: State): string {
  const values = valuesOf(definition, state)
  const taken =
    edges.find(({ from, when }) => when !== undefined && evaluated(from, () => holds(when, values))) ??
    edges.find(({ when }) => when === undefined)
  if (taken === undefined) throw new StepError('PLATFORM', `No way leads on from the step "${edges[0]!.from}".`, false)
  return targetOf(taken.to)
}

function retryPolicyOf({ retry = DEFAULT_RETRY }: NodeDefinition) {
  return {
    maxAttempts: retry.maxAttempts,
    initialInterval: retry.initialMs,
    backoffFactor: retry.factor,
    maxInterval: retry.maxMs,
    jitter: false,
    logWarning: false,
    retryOn: (error: unknown) => error instanceof AttemptError && !error.final,
  }
}
