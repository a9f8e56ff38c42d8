import { describe, expect, it } from '@jest/globals'
import { PushIterator } from './push-iterator.ts'

describe('PushIterator', () => {
  it('gives what was pushed before and while somebody waits, in order', async () => {
    const iterator = new PushIterator<number>()
    iterator.push(1)
    expect(await iterator.next()).toEqual({ value: 1, done: false })
    const waiting = iterator.next()
    iterator.push(2)
    expect(await waiting).toEqual({ value: 2, done: false })
  })

  it('lets a consumer go that leaves while it waits', async () => {
    let left = false
    const iterator = new PushIterator<number>(() => (left = true))
    const waiting = iterator.next()
    await iterator.return()
    expect(await waiting).toEqual({ value: undefined, done: true })
    expect(left).toBe(true)
  })

  it('gives what came before a failure, then the failure, then the end', async () => {
    const iterator = new PushIterator<number>()
    iterator.push(1)
    iterator.fail(new Error('lost'))
    expect(await iterator.next()).toEqual({ value: 1, done: false })
    await expect(iterator.next()).rejects.toThrow('lost')
    expect(await iterator.next()).toEqual({ value: undefined, done: true })
  })
})
