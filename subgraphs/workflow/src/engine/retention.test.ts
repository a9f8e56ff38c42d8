import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { WorkflowTestbed } from '../testing/testkit.ts'

let bed: WorkflowTestbed
beforeAll(async () => {
  bed = await WorkflowTestbed.create()
})
afterAll(() => bed[Symbol.asyncDispose]())

/** Rows of each run that is named, in the tables that hold most. */
async function rowsOf(...runIds: string[]) {
  const counted = async (table: string) => {
    const { rows } = await bed.superuser.query<{ count: number }>(
      `select count(r.run_id)::int as count from unnest($1::uuid[]) with ordinality as one (id, n)
       left join ${table} r on r.run_id = one.id group by n order by n`,
      [runIds],
    )
    return rows.map(({ count }) => count)
  }
  return { log: await counted('workflow.run_transitions'), states: await counted('checkpoint.checkpoints') }
}

const finishedDaysAgo = (runId: string, days: number) =>
  bed.superuser.query('update workflow.runs set finished_at = now() - make_interval(days => $2) where id = $1', [runId, days])

it('lets saved states go by the version’s retention, the last of a run with the run, and a run with all that it left', async () => {
  await bed.publish({ retention: { checkpointDays: 7, runDays: 60 } })
  const [young, week, old] = await Promise.all(['young', 'week', 'old'].map((text) => bed.start(text)))
  const engine = bed.engine()
  for (const runId of [young!, week!, old!]) await bed.until(runId, 'SUCCEEDED', 'FAILED', 'WAITING_FOR_REVIEW')
  await engine[Symbol.asyncDispose]()
  const before = await rowsOf(young!, week!, old!)
  expect(Math.min(...before.log, ...before.states)).toBeGreaterThan(1)
  await finishedDaysAgo(young!, 6)
  await finishedDaysAgo(week!, 8)
  await finishedDaysAgo(old!, 61)

  await bed.pool.query('select workflow.prune(500)')

  expect(await rowsOf(young!, week!, old!)).toEqual({
    log: [before.log[0], before.log[1], 0],
    states: [before.states[0], 1, 0],
  })
  const { rows } = await bed.superuser.query('select id from workflow.runs where id = any ($1)', [[young, week, old]])
  expect(new Set(rows.map(({ id }) => id))).toEqual(new Set([young, week]))
})
