import { setTimeout as sleep } from 'node:timers/promises'
import { WorkflowTestbed, viewerOf } from '../testing/testkit.ts'
import { publish } from '../workflows/publish.ts'
import { Chaos, type ChaosCounts } from './chaos.ts'
import { disposing } from './disposing.ts'
import { Fleet, type Spares } from './fleet.ts'
import { readRemains, violationsOf, type Remains } from './invariants.ts'
import type { Death, TrialReport, WorkerSettings } from './messages.ts'
import { People } from './people.ts'
import { Random } from './random.ts'
import { Sink } from './sink.ts'
import { JOBS, WORKFLOWS, type Job } from './workloads.ts'

/** Scaled down from production's 10 s and 1 s. */
const LEASE_MS = 800
const POLL_MS = 100
const END_MS = 120_000

export interface TrialParts {
  spares: Spares
  /** Ends the database server at once, without a shutdown, and starts it again. */
  restartDatabase(): Promise<void>
}

/** Runs each kind of job twice while everything fails that can, as the seed says, and looks at what is left. */
export async function trialOf(seed: number, { spares, restartDatabase }: TrialParts): Promise<TrialReport> {
  const random = new Random(seed)
  const jobs = Object.entries(JOBS).flatMap(([name, job]) => [1, 2].map((n) => job(`${name}${n}`, random)))
  const started = performance.now()
  const sink = new Sink(seed)
  return disposing(await preparedBed(), async (bed) => {
    const deathOf = (worker: string) => (chaos.isOver ? null : deathIn(new Random(`${seed}:${worker}`)))
    const fleet = new Fleet(spares, sink, settings(bed, deathOf))
    const chaos = new Chaos(new Random(`${seed}:chaos`), fleet, restartDatabase)
    const remains = await withPeople(fleet, new People(bed, sink, seed), async (people) => {
      const starting = startAll(bed, jobs, random)
      await Promise.all([fleet.add(), fleet.add()])
      await chaos.run()
      await starting
      await allEnded(bed)
      return readRemains(bed.superuser, jobs, people.answered, sink)
    })
    return reportOf(`seed ${seed}`, started, remains, chaos.counts)
  })
}

/** One run whose first worker dies at that statement; another one goes on. */
export async function sweepOf(workflow: string, death: Death, spares: Spares, bed: WorkflowTestbed): Promise<TrialReport> {
  const started = performance.now()
  const job = JOBS[workflow]!(workflow, new Random(workflow))
  await bed.superuser.query('truncate workflow.runs, events.outbox cascade')
  const sink = new Sink(workflow)
  const deaths = [death]
  const fleet = new Fleet(
    spares,
    sink,
    settings(bed, () => deaths.pop() ?? null),
  )
  const remains = await withPeople(fleet, new People(bed, sink, workflow), async (people) => {
    await startAll(bed, [job], new Random(workflow))
    await fleet.add()
    await allEnded(bed)
    return readRemains(bed.superuser, [job], people.answered, sink)
  })
  const name = `${workflow}, ${death.moment} statement ${death.statement}`
  return reportOf(name, started, remains, { kills: fleet.losses, pauses: 0, restarts: 0, drains: 0 })
}

const withPeople = (fleet: Fleet, crowd: People, work: (people: People) => Promise<Remains>) =>
  disposing(fleet, () => disposing(crowd, work))

/** A database with the workflows, whose transitions say who wrote them. */
export async function preparedBed(): Promise<WorkflowTestbed> {
  const bed = await WorkflowTestbed.create()
  const { organizationId } = bed
  const { tenant, audit } = bed.as(viewerOf(organizationId))
  await bed.superuser.query(
    `alter table workflow.run_transitions add column written_by text not null default current_setting('application_name')`,
  )
  await tenant.transaction(async (transaction) => {
    for (const [slug, definition] of Object.entries(WORKFLOWS))
      await publish(transaction, { organizationId, slug, name: slug, description: slug, definition }, audit)
  })
  return bed
}

/** Every second worker ends itself, at one of its first statements. */
const deathIn = (random: Random): Death | null =>
  random.chance(0.5) ? { statement: random.between(1, 30), moment: random.chance(0.5) ? 'before' : 'after' } : null

const settings =
  (bed: WorkflowTestbed, deathOf: (worker: string) => Death | null) =>
  (name: string): WorkerSettings => ({
    databaseUrl: `${bed.database.url('workflow_app')}?application_name=${name}`,
    leaseMs: LEASE_MS,
    pollMs: POLL_MS,
    concurrency: 4,
    death: deathOf(name),
  })

/** Starts the jobs at random instants; a start of which nobody can tell whether it counted is repeated under its key. */
async function startAll(bed: WorkflowTestbed, jobs: Job[], random: Random): Promise<void> {
  const delays = jobs.map(() => (jobs.length === 1 ? 0 : random.between(0, 800)))
  await Promise.all(
    jobs.map(async ({ workflow, input, label }, index) => {
      await sleep(delays[index])
      for (let tries = 0; ; tries += 1) {
        try {
          return await bed.as().runs.start({ workflow, input, idempotencyKey: label })
        } catch (error) {
          if (tries === 100) throw error
          await sleep(100)
        }
      }
    }),
  )
}

/** Waits until nothing goes on any more, for a while: what then goes on is lost. */
async function allEnded(bed: WorkflowTestbed): Promise<void> {
  const deadline = Date.now() + END_MS
  while (Date.now() < deadline) {
    const { rows } = await bed.superuser
      .query<{ n: number }>(
        `select count(*)::int as n from workflow.runs where status not in ('SUCCEEDED', 'FAILED', 'CANCELLED', 'EXPIRED')`,
      )
      .catch(() => ({ rows: [{ n: 1 }] }))
    if (rows[0]!.n === 0) return
    await sleep(30)
  }
}

function reportOf(name: string, started: number, remains: Remains, counts: ChaosCounts): TrialReport {
  return {
    name,
    ms: Math.round(performance.now() - started),
    runs: remains.runs.length,
    decisions: remains.answered.length,
    effects: remains.sink.entries.size,
    ...counts,
    violations: violationsOf(remains),
  }
}
