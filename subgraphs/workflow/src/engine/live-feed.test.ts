import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { setTimeout as sleep } from 'node:timers/promises'
import { eventually, WorkflowTestbed } from '../testing/testkit.ts'

describe('the live feed', () => {
  let bed: WorkflowTestbed

  beforeAll(async () => {
    bed = await WorkflowTestbed.create()
  })
  afterAll(() => bed[Symbol.asyncDispose]())

  /** Adds transitions to a run as an execution does, a few at a time, and tells of it unless silent. */
  async function advance(runId: string, count: number, told = true) {
    const notes = Array.from({ length: count }, () => ({ kind: 'NODE_STARTED', status: 'RUNNING', summary: 'One step.' }))
    await bed.pool.query(`select workflow.advance($1, $2, null, '{}', $3)`, [bed.organizationId, runId, JSON.stringify(notes)])
    if (told) bed.notifier.moved(bed.organizationId, runId)
  }

  async function take(stream: AsyncIterableIterator<{ seq: number }>, upTo: number, pause = 0): Promise<number[]> {
    const seen: number[] = []
    for await (const { seq } of stream) {
      seen.push(seq)
      if (pause > 0 && seq % 50 === 0) await sleep(pause)
      if (seq >= upTo) break
    }
    return seen
  }

  const numbers = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index)
  const subscribe = async (runId: string, after: number) => bed.as().subscriptions.runTransitions(runId, after)

  it('replays, then goes on live, without gap or duplicate, to fast, slow and late subscribers under load', async () => {
    const runId = await bed.start('watched')
    await advance(runId, 400)
    const early = [
      take(await subscribe(runId, 0), 2_401),
      take(await subscribe(runId, 250), 2_401),
      take(await subscribe(runId, 0), 2_401, 5),
    ]
    const leaver = await subscribe(runId, 0)
    await leaver.next()
    const writing = (async () => {
      for (let round = 0; round < 200; round++) await advance(runId, 10)
    })()
    await sleep(50)
    await leaver.return!()
    const late = take(await subscribe(runId, 900), 2_401)
    await writing
    expect(await early[0]).toEqual(numbers(1, 2_401))
    expect(await early[1]).toEqual(numbers(251, 2_401))
    expect(await early[2]).toEqual(numbers(1, 2_401))
    expect(await late).toEqual(numbers(901, 2_401))
    expect(await leaver.next()).toEqual({ done: true, value: undefined })
    await eventually(async () => expect(bed.feed.size).toBe(0))
  })

  it('finds by its poll what no notification told', async () => {
    const runId = await bed.start('silent')
    const stream = await subscribe(runId, 1)
    await advance(runId, 3, false)
    expect(await take(stream, 4)).toEqual([2, 3, 4])
  })

  it('goes on after the listening connection was cut', async () => {
    const runId = await bed.start('cut')
    const stream = await subscribe(runId, 0)
    expect((await stream.next()).value.seq).toBe(1)
    await bed.superuser.query(
      `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and query like 'listen%'`,
    )
    await advance(runId, 2)
    expect(await take(stream, 3)).toEqual([2, 3])
  })

  it('lets go of a subscriber that leaves while it waits', async () => {
    const runId = await bed.start('left')
    const stream = await subscribe(runId, 1)
    const waiting = stream.next()
    await stream.return!()
    expect(await waiting).toEqual({ done: true, value: undefined })
    expect(bed.feed.size).toBe(0)
  })

  it('keeps two pages at most for a subscriber that does not read', async () => {
    const runId = await bed.start('full')
    await advance(runId, 3_000)
    const stream = await subscribe(runId, 0)
    await sleep(200)
    expect((stream as unknown as { waiting: number }).waiting).toBeLessThanOrEqual(1_000)
    expect(await take(stream, 3_001)).toEqual(numbers(1, 3_001))
  })
})
