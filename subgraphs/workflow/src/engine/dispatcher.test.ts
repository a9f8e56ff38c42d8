import { afterEach, describe, expect, it } from '@jest/globals'
import { setTimeout as sleep } from 'node:timers/promises'
import { createLogger } from '@signalbox/shared/logger'
import { Dispatcher } from './dispatcher.ts'
import type { LeasedRun } from './lease.ts'

/** A run under way: its steps are over when the test says so, and its end is written when the test says so. */
interface Execution {
  runId: string
  endSteps(): void
  written(): void
}

describe('the dispatcher', () => {
  const queue: string[] = []
  const executions: Execution[] = []
  const looks: number[] = []
  let dispatcher: Dispatcher

  function start(concurrency: number, ...runs: string[]) {
    queue.splice(0, Infinity, ...runs)
    executions.length = 0
    looks.length = 0
    const take = async (limit: number) => {
      looks.push(limit)
      return queue.splice(0, limit).map((runId) => ({ runId }) as LeasedRun)
    }
    const execute = ({ runId }: LeasedRun, endSteps: () => void) =>
      new Promise<void>((written) => executions.push({ runId, endSteps, written }))
    dispatcher = new Dispatcher({
      leases: { take },
      executor: { execute, drain: () => {} },
      log: createLogger('test', 'silent'),
      concurrency,
      pollMs: 60_000,
      drainMs: 60_000,
    })
    dispatcher.start()
  }

  const begun = () => executions.map(({ runId }) => runId)
  const settled = () => sleep(5)

  afterEach(async () => {
    for (const { written } of executions) written()
    await dispatcher[Symbol.asyncDispose]()
  })

  it('takes as many runs as there are places', async () => {
    start(2, 'a', 'b', 'c')
    await settled()
    expect(begun()).toEqual(['a', 'b'])
  })

  it('begins the next run when the steps of one are over, while its end is still to be written', async () => {
    start(1, 'a', 'b', 'c')
    await settled()
    executions[0]!.endSteps()
    await settled()
    expect(begun()).toEqual(['a', 'b'])
  })

  it('has at most as many runs that only write as it has places', async () => {
    start(1, 'a', 'b', 'c')
    await settled()
    executions[0]!.endSteps()
    await settled()
    executions[1]!.endSteps()
    await settled()
    expect(begun()).toEqual(['a', 'b'])
    executions[0]!.written()
    await settled()
    expect(begun()).toEqual(['a', 'b', 'c'])
  })

  it('looks once for a run that ends while places are free: nothing waited for its place', async () => {
    start(2, 'a')
    await settled()
    expect(looks).toEqual([2])
    executions[0]!.endSteps()
    await settled()
    expect(looks).toEqual([2])
    executions[0]!.written()
    await settled()
    expect(looks).toEqual([2, 2])
  })

  it('is stopped when the end of each run is written, and takes none meanwhile', async () => {
    start(1, 'a', 'b')
    await settled()
    let stopped = false
    const stop = dispatcher[Symbol.asyncDispose]().then(() => (stopped = true))
    executions[0]!.endSteps()
    await settled()
    expect([stopped, begun()]).toEqual([false, ['a']])
    executions[0]!.written()
    await stop
    expect(begun()).toEqual(['a'])
  })
})
