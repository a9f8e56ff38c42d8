import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import { Leases } from '../engine/lease.ts'
import { log, viewerOf, WorkflowTestbed } from '../testing/testkit.ts'
import { supportTriage } from '../workflows/support-triage.ts'

const workflow = supportTriage.slug

describe('limits of runs', () => {
  let bed: WorkflowTestbed
  const workers: Leases[] = []
  beforeAll(async () => {
    bed = await WorkflowTestbed.create()
  })
  afterEach(async () => {
    workers.splice(0).forEach((one) => one[Symbol.dispose]())
    await bed.superuser.query('delete from workflow.runs')
    await bed.superuser.query('delete from workflow.lane_checks')
    await bed.superuser.query('delete from workflow.run_limits')
  })
  afterAll(() => bed[Symbol.asyncDispose]())

  function worker(): Leases {
    const leases = new Leases({ pool: bed.pool, log, leaseMs: 60_000, owner: `worker ${workers.length}` })
    workers.push(leases)
    return leases
  }
  /** What workers get that ask at once, until none gets any more. */
  async function takeAll(count: number, each: number) {
    const asking = Array.from({ length: count }, worker)
    const taken: string[] = []
    for (let empty = 0; empty < 2;) {
      const round = (await Promise.all(asking.map((one) => one.take(each)))).flat()
      taken.push(...round.map(({ runId }) => runId))
      empty = round.length === 0 ? empty + 1 : 0
    }
    return taken
  }
  const startMany = async (n: number, text = 'hello', more = {}) =>
    (await bed.as().runs.startMany({ workflow, items: Array.from({ length: n }, () => ({ input: { text }, ...more })) })).runs
  const end = (runId: string) =>
    bed.pool.query(
      `select workflow.advance($1, $2, null, '{"leaseOwner": null}', '[{"kind": "SUCCEEDED", "status": "SUCCEEDED", "summary": "Done."}]')`,
      [bed.organizationId, runId],
    )

  it('lets as many runs of a workflow be under way as it allows, whoever asks, and the next when one ends', async () => {
    await bed.publish({ limits: { concurrency: 3 } })
    const runs = await startMany(20)
    const taken = await takeAll(4, 5)
    expect(taken).toHaveLength(3)
    expect(new Set(taken)).toEqual(new Set(runs.slice(0, 3).map(({ id }) => id)))
    expect(await bed.as().control.waitingFor(runs.at(-1)!.id)).toBe('3 of 3 runs of this workflow are under way.')
    await Promise.all(taken.slice(0, 2).map(end))
    expect(await takeAll(4, 5)).toHaveLength(2)
  })

  it('counts each value of the key for itself', async () => {
    await bed.publish({ limits: { concurrency: 2, key: 'input.text' } })
    await startMany(5, 'one')
    const [other] = await startMany(5, 'two')
    const taken = await takeAll(2, 10)
    expect(taken).toHaveLength(4)
    expect(taken).toContain(other!.id)
    const [waits] = await startMany(1, 'two')
    expect(await bed.as().control.waitingFor(waits!.id)).toBe('2 of 2 runs of this workflow for "two" are under way.')
  })

  it('lets so many begin in a minute, and one that goes on at once', async () => {
    await bed.publish({ limits: { perMinute: 2 } })
    const runs = await startMany(4)
    const [first] = await takeAll(2, 5)
    expect(await takeAll(2, 5)).toEqual([])
    await bed.pool.query(
      `select workflow.advance($1, $2, null, '{"leaseOwner": null}', '[{"kind": "WAITING", "status": "WAITING_FOR_REVIEW", "summary": "Waits."}]')`,
      [bed.organizationId, first],
    )
    await bed.pool.query(
      `select workflow.advance($1, $2, null, '{}', '[{"kind": "QUEUED", "status": "QUEUED", "summary": "An answer came."}]')`,
      [bed.organizationId, first],
    )
    expect(await takeAll(2, 5)).toEqual([first])
    expect(await bed.as().control.waitingFor(runs.at(-1)!.id)).toBe('2 runs of this workflow may begin in a minute.')
    await bed.superuser.query(
      `update workflow.runs set started_at = started_at - interval '1 minute' where started_at is not null`,
    )
    await bed.superuser.query(`update workflow.lane_checks set due_at = due_at - interval '1 minute'`)
    expect(await takeAll(2, 5)).toHaveLength(2)
  })

  it('holds an organisation to its own limits, also for what is queued already, and no other', async () => {
    await bed.publish({ limits: {} })
    const other = bed.as(viewerOf('0190a000-0000-7000-8000-0000000000cc'))
    await bed.publish({ limits: {} }, other.viewer.organizationId)
    await startMany(6)
    const { limits, control } = bed.as()
    expect(await limits.set({ concurrency: 2 })).toMatchObject({ concurrency: 2, perMinute: null, queued: 6, underWay: 0 })
    const [last] = await startMany(1)
    await other.runs.startMany({ workflow, items: Array.from({ length: 4 }, () => ({ input: { text: 'theirs' } })) })
    expect(await takeAll(3, 3)).toHaveLength(2 + 4)
    expect(await control.waitingFor(last!.id)).toBe('2 of 2 runs of this organisation are under way.')
    await limits.set({})
    expect(await takeAll(3, 3)).toHaveLength(5)
    await expect(limits.set({ concurrency: 0 })).rejects.toMatchObject({ extensions: { code: 'BAD_USER_INPUT' } })
  })

  it('takes by priority, within a full lane too', async () => {
    await bed.publish({ limits: { concurrency: 1 } })
    const [first] = await startMany(1)
    expect(await takeAll(1, 1)).toEqual([first!.id])
    await startMany(3)
    const [urgent] = await startMany(1, 'urgent', { priority: 50 })
    await end(first!.id)
    expect(await takeAll(1, 1)).toEqual([urgent!.id])
    await expect(startMany(1, 'x', { priority: 101 })).rejects.toMatchObject({ extensions: { code: 'BAD_USER_INPUT' } })
  })

  it('ends runs that nobody took in their time, blocked or not, and says what that means', async () => {
    await bed.publish({ limits: { concurrency: 1, queueHours: 2 } })
    const [held] = (await startMany(2, 'Where is the card that I ordered?')).slice(1)
    expect(held!.expiresAt!.getTime()).toBeGreaterThan(Date.now() + 7_000_000)
    await bed.superuser.query(`update workflow.runs set expires_at = now() - interval '1 s'`)
    expect(await takeAll(1, 5)).toEqual([])
    const engine = bed.engine({}, { concurrency: 1 })
    const expired = await bed.until(held!.id, 'EXPIRED')
    expect(expired.failure).toMatchObject({
      code: 'TIMEOUT',
      retryable: true,
      consequence: expect.stringMatching(/nothing was sent/),
    })
    await bed.as().runs.retry(held!.id)
    await bed.until(held!.id, 'SUCCEEDED')
    await engine[Symbol.asyncDispose]()
  })

  it('takes the others first to last while a lane of thousands before them is full', async () => {
    await bed.publish({ limits: { concurrency: 1 } })
    const [one] = await startMany(1)
    await bed.superuser.query(
      `insert into workflow.runs (organization_id, workflow_id, version_id, case_id, trigger, input, lane, held, priority)
       select organization_id, workflow_id, version_id, 'case', 'API', input, lane, 1, 10 from workflow.runs, generate_series(1, 2000) where id = $1`,
      [one!.id],
    )
    const other = bed.as(viewerOf('0190a000-0000-7000-8000-0000000000dd'))
    await bed.publish({ limits: {} }, other.viewer.organizationId)
    const items = Array.from({ length: 30 }, () => ({ input: { text: 'free' } }))
    const { runs: free } = await other.runs.startMany({ workflow, items })
    const taken = (await worker().take(31)).map(({ runId }) => runId)
    expect(taken).toHaveLength(31)
    expect(taken).toEqual(expect.arrayContaining(free.map(({ id }) => id)))
    expect(await worker().take(5)).toEqual([])
  })
})
