import { afterEach, describe, expect, it } from '@jest/globals'
import { createLogger } from '@signalbox/shared/logger'
import { setTimeout as sleep } from 'node:timers/promises'
import { eventually } from '../testing/testkit.ts'
import { Dispatcher, type DispatcherOptions } from './dispatcher.ts'

describe('the dispatcher', () => {
  const started: Dispatcher[] = []
  afterEach(async () => {
    for (const dispatcher of started.splice(0)) await dispatcher[Symbol.asyncDispose]()
  })

  /** A dispatcher of two places over a queue and leases that answer as told; returns what it executes. */
  function dispatch(fetch: (limit: number) => Promise<string[]>, abandoned: string[]) {
    const executed: string[] = []
    const dispatcher = new Dispatcher({
      queue: {
        fetch: async (limit: number) =>
          (await fetch(limit)).map((runId) => ({ id: runId, data: { organizationId: 'harbour', runId } })),
        complete: async () => {},
      } as unknown as DispatcherOptions['queue'],
      leases: {
        abandoned: async (limit: number) => abandoned.splice(0, limit).map((runId) => ({ organizationId: 'harbour', runId })),
      } as unknown as DispatcherOptions['leases'],
      executor: {
        execute: async (_organization: string, runId: string) => void executed.push(runId),
        drain: () => {},
      } as unknown as DispatcherOptions['executor'],
      log: createLogger('dispatcher', 'silent'),
      concurrency: 2,
      pollMs: 10,
      drainMs: 100,
    })
    started.push(dispatcher)
    dispatcher.start()
    return executed
  }

  it('takes abandoned runs up though every look at the queue outlasts the look for them', async () => {
    const executed = dispatch(() => sleep(50, []), ['lost-1', 'lost-2', 'lost-3'])
    await eventually(async () => expect(executed).toEqual(['lost-1', 'lost-2', 'lost-3']))
  })

  it('takes abandoned runs up though the queue never ends', async () => {
    let n = 0
    const executed = dispatch(
      async (limit) => {
        await sleep(1)
        return Array.from({ length: limit }, () => `queued-${++n}`)
      },
      ['lost'],
    )
    await eventually(async () => expect(executed).toContain('lost'))
  })
})
