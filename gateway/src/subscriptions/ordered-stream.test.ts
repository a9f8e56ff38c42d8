import { describe, expect, it } from '@jest/globals'
import { OrderedStream, type FlowControl } from './ordered-stream.ts'

const LIMITS = { concurrency: 2, low: 1, high: 4, limit: 6 }

function streamOf(work: (item: number) => Promise<number>) {
  const calls: string[] = []
  const note = (what: string) => () => void calls.push(what)
  const flow: FlowControl = { hold: note('hold'), release: note('release'), overflow: note('overflow'), left: note('left') }
  return { stream: new OrderedStream<number, number>(work, flow, LIMITS), calls }
}

const take = async (stream: AsyncIterator<number>, count: number) => {
  const taken: number[] = []
  while (taken.length < count) taken.push((await stream.next()).value as number)
  return taken
}

describe('an ordered stream', () => {
  it('gives results in the order of the items, however long each takes', async () => {
    const pending = new Map<number, () => void>()
    const { stream } = streamOf((item) => new Promise((resolve) => pending.set(item, () => resolve(item * 10))))
    for (const item of [1, 2]) stream.push(item)
    pending.get(2)!()
    const taken = take(stream, 2)
    pending.get(1)!()
    expect(await taken).toEqual([10, 20])
  })

  it('works on so many at once and no more', () => {
    let running = 0
    const { stream } = streamOf(() => ((running += 1), new Promise(() => {})))
    for (const item of [1, 2, 3, 4]) stream.push(item)
    expect(running).toBe(2)
  })

  it('asks its source to hold when the consumer is behind, and lets it go on later', async () => {
    const { stream, calls } = streamOf(async (item) => item)
    for (const item of [1, 2, 3, 4]) stream.push(item)
    expect(calls).toEqual(['hold'])
    expect(await take(stream, 3)).toEqual([1, 2, 3])
    expect(calls).toEqual(['hold', 'release'])
  })

  it('gives up aloud when the source does not listen', async () => {
    const { stream, calls } = streamOf(() => new Promise(() => {}))
    for (let item = 1; item <= 8; item++) stream.push(item)
    expect(calls).toEqual(['hold', 'release', 'overflow'])
    expect(await stream.next()).toEqual({ value: undefined, done: true })
  })

  it('lets a consumer go while it waits', async () => {
    const { stream, calls } = streamOf(async (item) => item)
    const waiting = stream.next()
    await stream.return()
    expect(await waiting).toEqual({ value: undefined, done: true })
    expect(calls).toEqual(['left'])
  })

  it('gives what came before a failure, then the failure', async () => {
    const { stream } = streamOf(async (item) => item)
    stream.push(1)
    stream.fail(new Error('over'))
    expect(await take(stream, 1)).toEqual([1])
    await expect(stream.next()).rejects.toThrow('over')
  })
})
