import 'reflect-metadata'
import pg from 'pg'
import { migrateEvents } from '@signalbox/shared/events/migrate'
import { migrateWorkflow } from '../migrate.ts'
import { dbos, stockLangGraph, type Contestant } from './contestants.ts'
import { latencies, percentile } from './latency.ts'
import { KEPT, Signalbox } from './signalbox.ts'
import { countStatements } from './statements.ts'
import { twoWorkers } from './two-workers.ts'

const CONCURRENCY = 8
const ROUNDS = 5
const RUNS = 400

interface Figure {
  name: string
  value: string
  target: string
  met: boolean
}

/** `npm run bench:engine`: one Postgres with fsync on, the contestants in turn, the median of five rounds. */
async function main(address: Address): Promise<Figure[]> {
  const { ours, superuser } = await open('signalbox', address)
  const figures: Figure[] = []
  const parts = [
    () => withWorker(ours, () => rates(ours, superuser, address)),
    () => smallFigures(ours, superuser),
    () => withWorker(ours, () => stored(ours, superuser, address)),
    () => withWorker(ours, () => memory(ours, superuser)),
    () => workers(ours, superuser, address('signalbox', 'workflow_app')),
  ]
  for (const part of parts) {
    const measured = await part()
    for (const figure of measured) console.log(lineOf(figure))
    figures.push(...measured)
  }
  await ours[Symbol.asyncDispose]()
  await superuser.end()
  return figures
}

type Address = (database: string, role?: string) => string

async function open(database: string, address: Address) {
  await migrateEvents(address(database, 'events_owner'))
  await migrateWorkflow(address(database, 'workflow_owner'))
  const superuser = new pg.Pool({ connectionString: address(database), max: 2 })
  return { ours: await Signalbox.open(address(database, 'workflow_app')), superuser }
}

async function withWorker<T>(ours: Signalbox, work: () => Promise<T>): Promise<T> {
  const worker = ours.engine(CONCURRENCY)
  try {
    return await work()
  } finally {
    await worker[Symbol.asyncDispose]()
  }
}

const lineOf = ({ name, value, target, met }: Figure) =>
  `${name.padEnd(36)}${value}${target === '' ? '' : `  (${target})${met ? '' : '  MISSED'}`}`

async function workers(ours: Signalbox, superuser: pg.Pool, url: string): Promise<Figure[]> {
  const factor = await twoWorkers(ours, superuser, url)
  return [{ name: 'two workers against one', value: `${factor.toFixed(2)} ×`, target: '≥ 1.7 ×', met: factor >= 1.7 }]
}

async function rates(ours: Signalbox, superuser: pg.Pool, address: Address): Promise<Figure[]> {
  const stock = await stockLangGraph(address('stock'))
  const other = await dbos(address('dbos'))
  const contestants: Record<string, Contestant> = {
    ours: (runs) => ours.rate(superuser, runs),
    kept: (runs) => ours.rate(superuser, runs, KEPT),
    stock,
    dbos: other,
  }
  const seen: Record<string, number[]> = { ours: [], kept: [], stock: [], dbos: [] }
  for (const contestant of Object.values(contestants)) await contestant(100, CONCURRENCY)
  // What autovacuum does within a minute: until then the statements of all keep plans for empty tables.
  for (const database of ['signalbox', 'stock', 'dbos']) await analyze(address(database))
  for (let round = 0; round < ROUNDS; round++)
    for (const [name, contestant] of Object.entries(contestants)) seen[name]!.push(await contestant(RUNS, CONCURRENCY))
  await Promise.all([stock[Symbol.asyncDispose](), other[Symbol.asyncDispose]()])
  const median = (name: string) => percentile(seen[name]!, 0.5)
  const [own, kept, bare, rival] = ['ours', 'kept', 'stock', 'dbos'].map(median) as [number, number, number, number]
  const all = (name: string) => seen[name]!.map((one) => one.toFixed(0)).join(', ')
  return [
    { name: 'runs a second', value: `${own.toFixed(0)} (${all('ours')})`, target: '', met: true },
    { name: 'the same, each step kept first', value: `${kept.toFixed(0)} (${all('kept')})`, target: '', met: true },
    { name: 'LangGraph with PostgresSaver', value: `${bare.toFixed(0)} (${all('stock')})`, target: '', met: true },
    { name: 'DBOS', value: `${rival.toFixed(0)} (${all('dbos')})`, target: '', met: true },
    // For information: our steps that only work something out need not be kept one by one, and a model's answer takes a hundred times as long.
    { name: 'each step kept, against LangGraph', value: `${(kept / bare).toFixed(2)} ×`, target: '', met: true },
    { name: 'each step kept, against DBOS', value: `${(kept / rival).toFixed(2)} ×`, target: '', met: true },
    { name: 'against LangGraph', value: `${(own / bare).toFixed(2)} ×`, target: '≥ 2 ×', met: own >= 2 * bare },
    { name: 'against DBOS', value: `${(own / rival).toFixed(2)} ×`, target: '≥ 1.5 ×', met: own >= 1.5 * rival },
  ]
}

async function analyze(url: string) {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  await client.query('analyze')
  await client.end()
}

async function smallFigures(ours: Signalbox, superuser: pg.Pool): Promise<Figure[]> {
  const statements = await countStatements(ours, superuser, CONCURRENCY)
  const { pickUp, toSubscriber } = await latencies(ours, superuser)
  const ms = (value: number) => `${value.toFixed(1)} ms`
  const [p99, p50, late] = [percentile(pickUp, 0.99), percentile(toSubscriber, 0.5), percentile(toSubscriber, 0.99)]
  return [
    { name: 'SQL statements a run', value: statements.toFixed(1), target: '≤ 12', met: statements <= 12 },
    { name: 'pick-up of a queued run, p99', value: ms(p99), target: '≤ 50 ms', met: p99 <= 50 },
    { name: 'node to subscriber, p50', value: ms(p50), target: '≤ 5 ms', met: p50 <= 5 },
    { name: 'node to subscriber, p99', value: ms(late), target: '≤ 30 ms', met: late <= 30 },
  ]
}

/** The same load beside few and beside 100,000 stored runs, in turn. */
async function stored(few: Signalbox, superuser: pg.Pool, address: Address): Promise<Figure[]> {
  const many = await open('stored', address)
  const seen = { few: [] as number[], many: [] as number[] }
  await withWorker(many.ours, async () => {
    await many.ours.rate(many.superuser, 100)
    await many.superuser.query(STORE, [many.ours.organizationId])
    await many.superuser.query('vacuum analyze')
    for (let round = 0; round <= ROUNDS; round++) {
      seen.few.push(await few.rate(superuser, RUNS))
      seen.many.push(await many.ours.rate(many.superuser, RUNS))
    }
  })
  await many.ours[Symbol.asyncDispose]()
  await many.superuser.end()
  // The first of each warms up.
  const [fast, flat] = [seen.few, seen.many].map(([, ...rates]) => percentile(rates, 0.5)) as [number, number]
  const ratio = flat / fast
  const value = `${fast.toFixed(0)} → ${flat.toFixed(0)} runs/s (${ratio.toFixed(2)} ×)`
  return [{ name: 'cost a run with 100,000 stored', value, target: '≥ 0.9 ×', met: ratio >= 0.9 }]
}

/** Ended runs as the engine leaves them: the row and 14 transitions each. */
const STORE = `
  with source as (select * from workflow.runs where organization_id = $1 and status = 'SUCCEEDED' limit 1),
  made as (
    insert into workflow.runs (organization_id, id, workflow_id, version_id, case_id, status, trigger, input, output, last_seq, finished_at)
    select s.organization_id, uuidv7(interval '-1 day'), s.workflow_id, s.version_id, n::text, 'SUCCEEDED', s.trigger, s.input, s.output, s.last_seq, now()
    from source s, generate_series(1, 100000) n returning organization_id, id)
  insert into workflow.run_transitions (organization_id, run_id, seq, at, kind, status, node, summary)
  select m.organization_id, m.id, t.seq, t.at, t.kind, t.status, t.node, t.summary
  from made m, source s join workflow.run_transitions t on t.organization_id = s.organization_id and t.run_id = s.id`

async function memory(ours: Signalbox, superuser: pg.Pool): Promise<Figure[]> {
  const used = async (runs: number) => {
    await ours.rate(superuser, runs)
    global.gc!()
    global.gc!()
    return process.memoryUsage().heapUsed / 1024 / 1024
  }
  const first = await used(1_000)
  const last = await used(9_000)
  const growth = last - first
  const value = `${first.toFixed(0)} → ${last.toFixed(0)} MB`
  return [{ name: 'heap after 1,000 and 10,000 runs', value, target: '< 10 MB more', met: growth < 10 }]
}

const server = new URL(process.env['BENCH_POSTGRES_URL']!)
const figures = await main((database, role = 'postgres') => {
  const url = new URL(server)
  url.pathname = database
  if (role !== 'postgres') Object.assign(url, { username: role, password: 'bench' })
  return url.href
})
process.exit(figures.every(({ met }) => met) ? 0 : 1)
