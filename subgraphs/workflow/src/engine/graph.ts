import { Runnable } from '@langchain/core/runnables'
import { Command, Send, START, StateGraph, type LangGraphRunnableConfig } from '@langchain/langgraph'
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
  return graph.compile({})
}

/** The builder without the static names of its nodes: ours come from data. */
interface OpenGraph {
  addNode(name: string, step: Runnable, options: object): unknown
  addEdge(from: string | string[], to: string): unknown
  compile(options: object): CompiledGraph
}

/** What one execution hands to its steps, beside LangGraph's own configuration. */
interface RunConfig extends LangGraphRunnableConfig {
  configurable?: { session?: Session }
}

/** A step as LangGraph runs it; a plain function would come with a trace that nobody reads. */
class StepRunnable extends Runnable<State | MapItem, Command> {
  lc_namespace = ['signalbox']

  constructor(
    private readonly definition: WorkflowDefinition,
    private readonly node: NodeDefinition,
    private readonly ways: Ways,
  ) {
    super()
  }

  override async invoke(given: State | MapItem, config: RunConfig = {}): Promise<Command> {
    const session = config.configurable!.session!
    const item = 'map' in given ? given : undefined
    const state = item === undefined ? (given as State) : session.state()
    const update = await new StepRunner(this.definition, this.node, session).run(state, config, item)
    const goto = this.ways
      .after(this.node, after(state, update))
      .map((next) => (typeof next === 'string' ? next : new Send(next.each, next.item)))
    return new Command({ update, goto })
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
