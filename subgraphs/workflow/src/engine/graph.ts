import { END, START, StateGraph, type LangGraphRunnableConfig } from '@langchain/langgraph'
import type { BaseCheckpointSaver } from '@langchain/langgraph-checkpoint'
import type { NodeDefinition, WorkflowDefinition } from '../workflows/definition.ts'
import { conditions } from './conditions.ts'
import type { Session } from './session.ts'
import { TriageState, type State } from './state.ts'
import { AttemptError, DEFAULT_RETRY, StepRunner } from './step-runner.ts'

/** Steps at most: every loop of a definition is bounded by its policy, this is the net below. */
export const RECURSION_LIMIT = 60

/** Compiles a definition to a LangGraph graph that runs in one session with its saver. */
export function compileGraph(definition: WorkflowDefinition, session: Session, checkpointer: BaseCheckpointSaver) {
  const graph = new StateGraph(TriageState) as unknown as OpenGraph
  for (const node of definition.nodes) {
    const runner = new StepRunner(definition, node)
    const step = (state: State, config: LangGraphRunnableConfig) =>
      runner.run(state, session, config.executionInfo?.nodeAttempt ?? 1)
    graph.addNode(node.name, step, { retryPolicy: retryPolicyOf(node) })
  }
  for (const [from, edges] of Map.groupBy(definition.edges, (edge) => edge.from)) {
    const source = from === '__start__' ? START : from
    const always = edges.find(({ when }) => when === undefined)
    if (edges.length === 1 && always !== undefined) graph.addEdge(source, targetOf(always.to))
    else
      graph.addConditionalEdges(source, (state: State) => route(edges, state), [...new Set(edges.map(({ to }) => targetOf(to)))])
  }
  return graph.compile({ checkpointer })
}

/** The builder without the static names of its nodes: ours come from data. */
interface OpenGraph {
  addNode(name: string, step: unknown, options: object): unknown
  addEdge(from: string, to: string): unknown
  addConditionalEdges(from: string, route: (state: State) => string, targets: string[]): unknown
  compile(options: object): ReturnType<StateGraph<typeof TriageState>['compile']>
}

const targetOf = (name: string) => (name === '__end__' ? END : name)

/** The first edge whose condition holds; one without a condition is the way that is left. */
function route(edges: WorkflowDefinition['edges'], state: State): string {
  const taken =
    edges.find(({ when }) => when !== undefined && conditions[when](state)) ?? edges.find(({ when }) => when === undefined)
  if (taken === undefined) throw new Error(`no way leads on from ${edges[0]!.from}`)
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
