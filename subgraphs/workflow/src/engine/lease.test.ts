import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import { eventually, log, WorkflowTestbed } from '../testing/testkit.ts'
import { Leases } from './lease.ts'

describe('taking runs', () => {
  let bed: WorkflowTestbed
  beforeAll(async () => {
    bed = await WorkflowTestbed.create()
  })
  afterAll(() => bed[Symbol.asyncDispose]())

  const workers: Leases[] = []
  afterEach(async () => {
    workers.splice(0).forEach((one) => one[Symbol.dispose]())
    await bed.superuser.query('delete from workflow.runs')
  })
  function worker(owner: string, leaseMs = 60_000) {
    const leases = new Leases({ pool: bed.pool, log, leaseMs, owner })
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

  it('is not sure of a lease that it slept through, before any heartbeat told it', async () => {
    await bed.start('slept')
    const [run] = await worker('sleepy', 300).take(1)
    const lease = worker('other').hold(run!)
    expect(lease.isSure()).toBe(true)
    // The whole process stops, as by SIGSTOP: no timer fires meanwhile.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 400)
    expect(lease.isSure()).toBe(false)
  })

  it('lets a former execution in the same process neither go on nor release what was taken anew', async () => {
    const id = await bed.start('twice')
    const one = worker('one', 300)
    const [first] = await one.take(1)
    const former = one.hold(first!)
    const second = await eventually(async () => {
      await bed.superuser.query(`update workflow.runs set lease_until = now() - interval '1 s' where id = $1`, [id])
      const [taken] = await one.take(1)
      expect(taken).toMatchObject({ runId: id, epoch: first!.epoch + 1 })
      return taken
    })
    const anew = one.hold(second!)
    expect(former.signal.aborted).toBe(true)
    former.release()
    // The heartbeat still knows it: a lease that nobody extends ends.
    await eventually(async () => expect(performance.now()).toBeGreaterThan(second!.leasedUntil))
    await eventually(async () => expect(anew.isSure()).toBe(true))
    expect(anew.signal.aborted).toBe(false)
  })
})
