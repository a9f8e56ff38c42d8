import 'reflect-metadata'
import { resolve } from 'node:path'
import { KnowledgeIndex } from '../knowledge/knowledge-index.ts'
import { KnowledgeDatabase } from '../knowledge/knowledge-testkit.ts'
import { Embedder } from '../reasoning/embedder.ts'
import { Corpus, type Passage } from './corpus.ts'
import { countTerms, fill, type Filled } from './filling.ts'

/**
 * Retrieval without embedding, over the socket of a PGlite as `npm start` runs it: 100,000 passages of three organisations in one index.
 * Usage: npm run bench:retrieval [-- texts.csv] — columns text and category; the examples that ship otherwise.
 */
const SIZES = { large: 89_800, middle: 10_000, small: 200 }
/** Until the engine of WebAssembly has translated for good what a search runs through. */
const WARM_UP = 200
/** The bases take turns, so that a moment in which the machine is busy falls on one round of each. */
const ROUNDS = 5
const QUERIES = 100
const TARGETS = { vector: 8, hybrid: 40, recall: 0.95 }

interface Row {
  figure: string
  measured: string
  target: string
  met: boolean
}

const tell = (line: string) => process.stderr.write(`${line}\n`)

async function main(csv: string | undefined): Promise<number> {
  const [embedder, store] = [new Embedder(), await KnowledgeDatabase.start()]
  const index = KnowledgeIndex.connect(store.url)
  try {
    const rows = await fillAndMeasure(
      store,
      index,
      await Corpus.open(embedder, csv && resolve(process.env['INIT_CWD'] ?? '.', csv)),
    )
    print(rows)
    return rows.every(({ met }) => met) ? 0 : 1
  } finally {
    await index[Symbol.asyncDispose]()
    await embedder[Symbol.asyncDispose]()
    await store[Symbol.asyncDispose]()
  }
}

async function fillAndMeasure(store: KnowledgeDatabase, index: KnowledgeIndex, corpus: Corpus): Promise<Row[]> {
  tell(`${corpus.size} real texts; filling`)
  // Made when all is there, which is quicker; it is the same graph.
  await store.database.exec('drop index knowledge.chunk_keys_near')
  const bases: Record<string, Filled> = {}
  for (const [name, size] of Object.entries(SIZES))
    bases[name] = await fill(store.database, corpus, size, (done) => done % 20_000 === 0 && tell(`${name}: ${done}`))
  await countTerms(store.database)
  const startedAt = performance.now()
  await store.database.exec(`set maintenance_work_mem = '256MB';
    create index chunk_keys_near on knowledge.chunk_keys using hnsw (sketch bit_hamming_ops); reset maintenance_work_mem; analyze`)
  tell(`graph made in ${Math.round((performance.now() - startedAt) / 1000)} s`)
  const rounds: Record<string, Asked[][]> = {}
  for (const base of Object.values(bases)) await ask(base, index, corpus, WARM_UP)
  for (let round = 0; round < ROUNDS; round++)
    for (const [name, base] of Object.entries(bases)) (rounds[name] ??= []).push(await ask(base, index, corpus, QUERIES))
  return Object.entries(bases).flatMap(([name, base]) => rowsOf(name, base, rounds[name]!))
}

/** What one question gave, and took. */
interface Asked {
  embedding: Passage['embedding']
  ids: string[]
  vector: Timing
  hybrid: Timing
}

async function ask(base: Filled, index: KnowledgeIndex, corpus: Corpus, count: number): Promise<Asked[]> {
  const asked: Asked[] = []
  for (let at = 0; at < count; at++) {
    const { text, embedding } = corpus.next()
    const question = { ...base, embedding: [...embedding], text, limit: 10 }
    const [ids, vector] = await timed(() => index.nearest(question))
    const [, hybrid] = await timed(() => index.search(question))
    asked.push({ embedding, ids, vector, hybrid })
  }
  return asked
}

function rowsOf(name: string, base: Filled, rounds: Asked[][]): Row[] {
  const size = `${name}, ${base.ids.length.toLocaleString('en')} passages`
  const all = rounds.flat()
  const recall = all.reduce((sum, { ids, embedding }) => sum + recallOf(ids, base, embedding), 0) / all.length
  return [
    latency(`${size}: vector p50 / p95`, rounds, 'vector', TARGETS.vector),
    latency(`${size}: hybrid p50 / p95`, rounds, 'hybrid', TARGETS.hybrid),
    {
      figure: `${size}: recall@10 against exact search`,
      measured: recall.toFixed(3),
      target: `≥ ${TARGETS.recall}`,
      met: recall >= TARGETS.recall,
    },
  ]
}

/** Milliseconds: by the clock, and of the processor, which tells a slow search from a busy machine. */
interface Timing {
  clock: number
  processor: number
}

/** The median of the rounds' percentiles. */
function latency(figure: string, rounds: Asked[][], search: 'vector' | 'hybrid', target: number): Row {
  const of = (kind: keyof Timing, share: number) =>
    percentile(
      rounds.map((round) =>
        percentile(
          round.map((asked) => asked[search][kind]),
          share,
        ),
      ),
      0.5,
    )
  const pair = (kind: keyof Timing) => `${of(kind, 0.5).toFixed(1)} / ${of(kind, 0.95).toFixed(1)}`
  const met = of('clock', 0.95) <= target
  return { figure, measured: `${pair('clock')} ms (processor ${pair('processor')})`, target: `p95 ≤ ${target} ms`, met }
}

async function timed<T>(work: () => Promise<T>): Promise<[T, Timing]> {
  const [startedAt, used] = [performance.now(), process.cpuUsage()]
  const result = await work()
  const { user, system } = process.cpuUsage(used)
  return [result, { clock: performance.now() - startedAt, processor: (user + system) / 1_000 }]
}

/** The share of the ten nearest, by comparing with each, that were found. */
function recallOf(ids: string[], { ids: all, vectors }: Filled, query: Passage['embedding']): number {
  const dots = Float64Array.from(all, (_, at) => {
    let dot = 0
    for (let component = 0; component < 512; component++) dot += query[component]! * vectors[at * 512 + component]!
    return dot
  })
  const tenth = Float64Array.from(dots).sort().at(-10)!
  const exact = all.filter((_, at) => dots[at]! >= tenth)
  return exact.filter((id) => ids.includes(id)).length / exact.length
}

/** Nearest rank. */
const percentile = (times: number[], share: number) => [...times].sort((a, b) => a - b)[Math.ceil(times.length * share) - 1]!

function print(rows: Row[]) {
  const cells = rows.map(({ figure, measured, target, met }) => [figure, measured, target, met ? 'yes' : 'NO'])
  const all = [['figure', 'measured', 'target', 'met'], ...cells]
  const widths = [0, 1, 2, 3].map((column) => Math.max(...all.map((row) => row[column]!.length)))
  for (const row of all)
    console.log(
      row
        .map((cell, column) => cell.padEnd(widths[column]!))
        .join('  ')
        .trimEnd(),
    )
}

process.exitCode = await main(process.argv[2])
