import { Runnable } from '@langchain/core/runnables'
import { Send, START, StateGraph, type LangGraphRunnableConfig, type PregelNode } from '@langchain/langgraph'
import type { BaseCheckpointSaver } from '@langchain/langgraph-checkpoint'
import type { NodeDefinition, WorkflowDefinition } from '../workflows/definition.ts'
import type { Session } from './session.ts'
import { after, RunState, type MapItem, type State } from './state.ts'
import { AttemptError, DEFAULT_RETRY, StepRunner } from './step-runner.ts'
import { Ways } from './ways.ts'

type CompiledGraph = ReturnType<StateGraph<typeof RunState>['compile']>

/** Compiles a definition to a LangGraph graph. Each step says itself which ones follow (`Ways`); only joins are edges that wait. */
export function compileGraph(definition: WorkflowDefinition): CompiledGraph {
  const graph = new StateGraph(RunState) as unknown as OpenGraph
  const ways = new Ways(definition)
  const ends = definition.nodes.map(({ name }) => name)
  for (const node of definition.nodes) {
    graph.addNode(node.name, new StepRunnable(definition, node, ways), { retryPolicy: retryPolicyOf(node), ends })
  }
  for (const name of ways.from('__start__')) graph.addEdge(START, name)
  for (const [name, sources] of ways.joins) graph.addEdge(sources, name)
  const compiled = graph.compile({})
  const nodes: Record<string, PregelNode> = compiled.nodes
  for (const { name } of definition.nodes) nodes[name]!.writers = []
  return compiled
}

/** The builder without the static names of its nodes: ours come from data. */
interface OpenGraph {
  addNode(name: string, step: Runnable, options: object): unknown
  addEdge(from: string | string[], to: string): unknown
  compile(options: object): CompiledGraph
}

/** What a step is given beside LangGraph's own configuration: the execution, and LangGraph's function that takes what the step writes. */
interface RunConfig extends LangGraphRunnableConfig {
  configurable?: { session?: Session; __pregel_send?: (writes: [channel: string, value: unknown][]) => void }
}

/**
 * A step as LangGraph runs it. It writes by itself what LangGraph's writers would write from a `Command`: those are runnables with a trace
 * each, five to a step, which nobody reads and which take longer than the rest of the step. A plain function would come with one more.
 */
class StepRunnable extends Runnable<State | MapItem, void> {
  lc_namespace = ['signalbox']
  /** What tells each join behind the step that it ran. */
  readonly #joins: [channel: string, value: string][]

  constructor(
    private readonly definition: WorkflowDefinition,
    private readonly node: NodeDefinition,
    private readonly ways: Ways,
  ) {
    super()
    const joins = [...ways.joins].filter(([, sources]) => sources.includes(node.name))
    this.#joins = joins.map(([name, sources]) => [`join:${sources.join('+')}:${name}`, node.name])
  }

  override async invoke(given: State | MapItem, config: RunConfig = {}): Promise<void> {
    const { session, __pregel_send: send } = config.configurable!
    const item = 'map' in given ? given : undefined
    const state = item === undefined ? (given as State) : session!.state()
    const update = await new StepRunner(this.definition, this.node, session!).run(state, config, item)
    const next = this.ways.after(this.node, after(state, update))
    send!([
      ...Object.entries(update),
      ...next.map((one): [string, unknown] =>
        typeof one === 'string' ? [`branch:to:${one}`, this.node.name] : ['__pregel_tasks', new Send(one.each, one.item)],
      ),
      ...this.#joins,
    ])
  }
}

/** Graphs by version: compiling takes longer than a step. */
export class Graphs {
  readonly #compiled = new Map<string, CompiledGraph>()

  constructor(private readonly capacity = 200) {}

  /** The version's graph with the saver of one run. */
  of(versionId: string, definition: WorkflowDefinition, checkpointer: BaseCheckpointSaver): CompiledGraph {
    const compiled = this.#compiled.get(versionId) ?? compileGraph(definition)
    this.#compiled.delete(versionId)
    this.#compiled.set(versionId, compiled)
    if (this.#compiled.size > this.capacity) this.#compiled.delete(this.#compiled.keys().next().value!)
    return Object.create(compiled, { checkpointer: { value: checkpointer } }) as CompiledGraph
  }
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
