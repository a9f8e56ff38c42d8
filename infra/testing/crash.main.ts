import { parseArgs } from 'node:util'
import { CrashDatabase, drive, faultsOf, type CrashReport } from './crash.ts'

/**
 * `npm run test:crash`: 200 seeds, then the death of a worker before and after each of its statements. `-- --seed 7` repeats one seed,
 * `-- --seeds 20` runs so many, `-- --sweep ask` only sweeps one workflow. The exit code is 1 when anything was lost.
 */
const WORKFLOWS = ['line', 'spread', 'ask', 'crowd', 'family', 'letter', 'refused', 'orphan']

const { values } = parseArgs({
  options: { seed: { type: 'string' }, seeds: { type: 'string' }, sweep: { type: 'string' } },
})
const reports: CrashReport[] = []
let failed = 0

function show(report: CrashReport) {
  reports.push(report)
  const faults = faultsOf(report)
  const { name, runs, decisions, effects, kills, pauses, restarts, drains, ms } = report
  const happened = `${kills} kills, ${pauses} pauses, ${restarts} restarts, ${drains} drains`
  console.log(
    `${faults.length === 0 ? '✓' : '✗'} ${name}: ${runs} runs, ${decisions} decisions, ${effects} effects; ${happened} (${ms} ms)`,
  )
  for (const fault of faults) console.log(`    ${fault}`)
  failed += faults.length === 0 ? 0 : 1
}

const sum = (pick: (report: CrashReport) => number) => reports.reduce((total, report) => total + pick(report), 0)

function summary(what: string) {
  const lost = (kind: keyof CrashReport['violations']) => sum(({ violations }) => violations[kind].length)
  console.log(
    [
      '',
      `${what}: ${lost('lostRuns')} lost runs, ${lost('lostDecisions')} lost decisions, ${lost('duplicateEffects')} duplicate or lost effects, ${lost('staleWrites')} stale writes, ${lost('lostEvents')} lost or double events`,
      `  of ${sum((one) => one.runs)} runs, ${sum((one) => one.decisions)} decisions, ${sum((one) => one.effects)} effects`,
      `  under ${sum((one) => one.kills)} kills, ${sum((one) => one.pauses)} pauses past the lease, ${sum((one) => one.restarts)} database restarts, ${sum((one) => one.drains)} drains; ${Math.round(sum((one) => one.ms) / 1000)} s`,
      '',
    ].join('\n'),
  )
  reports.length = 0
}

async function trials(database: CrashDatabase) {
  const count = Number(values.seeds ?? 200)
  const seeds = values.seed === undefined ? Array.from({ length: count }, (_, index) => index + 1) : [Number(values.seed)]
  await drive(database, [seeds.join(',')], show)
  summary(values.seed === undefined ? `${seeds.length} seeds` : `seed ${values.seed}`)
}

async function sweeps(database: CrashDatabase, workflows: string[]) {
  for (const workflow of workflows) await drive(database, ['sweep', workflow], show)
  summary(`${reports.length} deaths between two statements`)
}

{
  await using database = await CrashDatabase.start()
  if (values.sweep === undefined) await trials(database)
  if (values.seed === undefined && values.seeds === undefined)
    await sweeps(database, values.sweep === undefined ? WORKFLOWS : values.sweep.split(','))
}
process.exit(failed === 0 ? 0 : 1)
