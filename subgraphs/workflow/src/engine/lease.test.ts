import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import { log, WorkflowTestbed } from '../testing/testkit.ts'
import { Leases } from './lease.ts'

describe('taking runs', () => {
  let bed: WorkflowTestbed
  beforeAll(async () => {
    bed = await WorkflowTestbed.create()
  })
  afterAll(() => bed[Symbol.asyncDispose]())

  const workers: Leases[] = []
  afterEach(() => workers.splice(0).forEach((one) => one[Symbol.dispose]()))
  function worker(owner: string) {
    const leases = new Leases({ pool: bed.pool, log, leaseMs: 60_000, owner })
    workers.push(leases)
    return leases
  }

  it('takes those whose worker is gone before the queue, then by priority and age, each once', async () => {
    const [first, urgent, lost] = await Promise.all(['first', 'urgent', 'lost'].map((text) => bed.start(text)))
    await bed.superuser.query('update workflow.runs set priority = 5 where id = $1', [urgent])
    await bed.superuser.query(`update workflow.runs set run_after = now() - interval '1 minute' where id = $1`, [first])
    await bed.superuser.query(
      `update workflow.runs set status = 'RUNNING', lease_owner = 'gone', lease_until = now() - interval '1 s' where id = $1`,
      [lost],
    )
    const one = worker('one')
    const two = worker('two')
    expect((await one.take(1)).map(({ runId, takeovers }) => [runId, takeovers])).toEqual([[lost, 1]])
    const taken = (await Promise.all([one.take(1), two.take(1)])).flat().map(({ runId }) => runId)
    expect(new Set(taken)).toEqual(new Set([urgent, first]))
    expect(await two.take(5)).toEqual([])
  })

  it('leaves a run alone before its time', async () => {
    const later = await bed.start('later')
    await bed.superuser.query(`update workflow.runs set run_after = now() + interval '1 hour' where id = $1`, [later])
    const one = worker('one')
    expect(await one.take(5)).toEqual([])
  })
})
