import type { WorkflowTestbed } from '../testing/testkit.ts'
import { disposing } from './disposing.ts'
import { Spares } from './fleet.ts'
import type { Death, FromDriver, ToDriver } from './messages.ts'
import { preparedBed, sweepOf, trialOf } from './trial.ts'

/**
 * The crash test's driver, started by `infra/testing/crash.ts`, which owns the database server and restarts it when asked to. Its
 * arguments are the seeds, or `sweep` and a workflow: then that one's first worker dies before and after each of its statements in turn.
 */
const tell = (message: FromDriver) =>
  new Promise<void>((resolve) => process.send!(message, undefined, undefined, () => resolve()))

let restarting: Promise<void> | undefined
/** A server that is being restarted already is not restarted again. */
function restartDatabase(): Promise<void> {
  restarting ??= new Promise<void>((resolve) => {
    process.once('message', (message: ToDriver) => {
      if (message.type === 'restarted') resolve()
    })
    void tell({ type: 'restart' })
  }).finally(() => (restarting = undefined))
  return restarting
}

const trials = (seeds: number[]) =>
  disposing(new Spares(3), async (spares) => {
    for (const seed of seeds) await tell({ type: 'report', report: await trialOf(seed, { spares, restartDatabase }) })
  })

/** Until the worker comes through alive: then it has had all of its statements. @throws when it never died: no statement was met */
async function sweep(workflow: string, spares: Spares, bed: WorkflowTestbed) {
  for (const moment of ['before', 'after'] as const) {
    let deaths = 0
    for (let alive = false; !alive;) {
      const death: Death = { statement: deaths + 1, moment }
      const report = await sweepOf(workflow, death, spares, bed)
      alive = report.kills === 0
      if (!alive) deaths += 1
      await tell({ type: 'report', report })
    }
    if (deaths === 0)
      throw new Error(`No worker died ${moment} a statement of ${workflow}: death.ts knows none that it writes by.`)
  }
}

process.on('disconnect', () => process.exit(1))
try {
  const [first = '', workflow = ''] = process.argv.slice(2)
  await (first === 'sweep'
    ? disposing(new Spares(2), async (spares) => disposing(await preparedBed(), (bed) => sweep(workflow, spares, bed)))
    : trials(first.split(',').map(Number)))
  process.exit(0)
} catch (error) {
  await tell({ type: 'failed', reason: (error as Error).stack ?? String(error) })
  process.exit(1)
}
