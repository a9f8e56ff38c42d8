import { DBOS } from '@dbos-inc/dbos-sdk'
import { Annotation, END, START, StateGraph } from '@langchain/langgraph'
import { PostgresSaver } from '@langchain/langgraph-checkpoint-postgres'
import { randomUUID } from 'node:crypto'
import pg from 'pg'

export const STEPS = ['one', 'two', 'three', 'four', 'five']
/** What every run carries. */
export const PAYLOAD = 'x'.repeat(2_000)

/** Runs so many five-step runs, so many at a time, and gives runs a second. */
export type Contestant = (runs: number, concurrency: number) => Promise<number>

/** @param work one run */
export async function rate(runs: number, concurrency: number, work: () => Promise<unknown>): Promise<number> {
  const started = performance.now()
  let left = runs
  const lane = async () => {
    while (left-- > 0) await work()
  }
  await Promise.all(Array.from({ length: concurrency }, lane))
  return (runs / (performance.now() - started)) * 1_000
}

/** LangGraph with its own Postgres saver, durability `sync`: checkpoints and nothing else. */
export async function stockLangGraph(url: string): Promise<Contestant & AsyncDisposable> {
  const pool = new pg.Pool({ connectionString: url, max: 10 })
  const saver = new PostgresSaver(pool)
  await saver.setup()
  const State = Annotation.Root({
    input: Annotation<{ text: string }>(),
    results: Annotation<Record<string, unknown>>({ reducer: (a, b) => ({ ...a, ...b }), default: () => ({}) }),
  })
  const graph = new StateGraph(State) as unknown as {
    addNode(name: string, node: (state: typeof State.State) => object): unknown
    addEdge(from: string, to: string): unknown
    compile(options: object): { invoke(input: object, config: object): Promise<unknown> }
  }
  for (const name of STEPS) graph.addNode(name, ({ input }) => ({ results: { [name]: { length: input.text.length } } }))
  for (const [index, name] of [START, ...STEPS].entries()) graph.addEdge(name, STEPS[index] ?? END)
  const compiled = graph.compile({ checkpointer: saver })
  const once = () =>
    compiled.invoke({ input: { text: PAYLOAD } }, { configurable: { thread_id: randomUUID() }, durability: 'sync' })
  const run: Contestant = (runs, concurrency) => rate(runs, concurrency, once)
  return Object.assign(run, { [Symbol.asyncDispose]: () => pool.end() })
}

/** The same five steps as a DBOS workflow. */
export async function dbos(url: string): Promise<Contestant & AsyncDisposable> {
  DBOS.setConfig({ name: 'bench', systemDatabaseUrl: url, logLevel: 'error', runAdminServer: false })
  const workflow = DBOS.registerWorkflow(
    async (input: { text: string }) => {
      let state: Record<string, unknown> = { input }
      for (const name of STEPS)
        state = await DBOS.runStep(async () => ({ ...state, [name]: { length: input.text.length } }), { name })
      return state
    },
    { name: 'five' },
  )
  await DBOS.launch()
  const run: Contestant = (runs, concurrency) => rate(runs, concurrency, () => workflow({ text: PAYLOAD }))
  return Object.assign(run, { [Symbol.asyncDispose]: () => DBOS.shutdown() })
}
