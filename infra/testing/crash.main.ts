import { parseArgs } from 'node:util'
import { faultsOf, runSeeds, runSweeps, type CrashReport } from './crash.ts'

/**
 * `npm run test:crash`: 200 seeds, then the death of a worker before and after each of its statements. `-- --seed 7` repeats one seed,
 * `-- --seeds 20 --from 101` runs so many, `-- --sweep ask` only sweeps one workflow, `-- --beside 4` lets four go on beside each other. The exit code is 1
 * when anything was lost.
 */
const WORKFLOWS = ['line', 'spread', 'ask', 'crowd', 'family', 'letter', 'refused', 'orphan']

const { values } = parseArgs({
  options: {
    seed: { type: 'string' },
    seeds: { type: 'string' },
    from: { type: 'string' },
    sweep: { type: 'string' },
    beside: { type: 'string' },
  },
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
      `  under ${sum((one) => one.kills)} kills, ${sum((one) => one.pauses)} pauses past the lease, ${sum((one) => one.restarts)} database restarts, ${sum((one) => one.drains)} drains; ${Math.round((Date.now() - startedAt) / 1000)} s`,
      '',
    ].join('\n'),
  )
  reports.length = 0
}

const { seed, seeds, from, sweep } = values
const beside = Number(values.beside ?? 2)
const startedAt = Date.now()
if (sweep === undefined) {
  const wanted =
    seed === undefined ? Array.from({ length: Number(seeds ?? 200) }, (_, index) => index + Number(from ?? 1)) : [Number(seed)]
  await runSeeds(wanted, show, beside)
  summary(seed === undefined ? `${wanted.length} seeds` : `seed ${seed}`)
}
if (seed === undefined && seeds === undefined) {
  await runSweeps(sweep?.split(',') ?? WORKFLOWS, show, beside)
  summary(`${reports.length} deaths between two statements`)
}
process.exit(failed === 0 ? 0 : 1)
