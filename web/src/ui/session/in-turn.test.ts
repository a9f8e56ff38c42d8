/**
 * @jest-environment jsdom
 */
import { afterEach, describe, expect, it } from '@jest/globals'
import { inTurn } from './in-turn.ts'

/** Notes what is done at the same time. */
function worker() {
  const log: string[] = []
  const work = (name: string) => async () => {
    log.push(`${name} begins`)
    await new Promise((resolve) => setTimeout(resolve, 20))
    log.push(`${name} ends`)
    return name
  }
  return { log, work }
}

/** Three things that were begun at once, as three tabs do. */
async function three() {
  const { log, work } = worker()
  const results = await Promise.all(['a', 'b', 'c'].map((name) => inTurn(work(name))))
  return { log, results }
}

const isOneAfterTheOther = (log: string[]) =>
  log.length === 6 && [0, 2, 4].every((at) => log[at]!.replace('begins', 'ends') === log[at + 1])

afterEach(() => {
  localStorage.clear()
  Reflect.deleteProperty(navigator, 'locks')
})

describe('what is done in turn', () => {
  it('is done one after the other by a lease, where a page has no locks', async () => {
    expect('locks' in navigator).toBe(false)
    const { log, results } = await three()
    expect(results).toEqual(['a', 'b', 'c'])
    expect(isOneAfterTheOther(log)).toBe(true)
    expect(localStorage.length).toBe(0)
  })

  it('is done by the browser’s locks where it has them', async () => {
    let turn: Promise<unknown> = Promise.resolve()
    const names: string[] = []
    const request = (name: string, work: () => Promise<unknown>) => {
      names.push(name)
      return (turn = turn.then(work))
    }
    Object.defineProperty(navigator, 'locks', { configurable: true, value: { request } })
    expect(isOneAfterTheOther((await three()).log)).toBe(true)
    expect(new Set(names)).toEqual(new Set(['signalbox-refresh']))
    expect(localStorage.length).toBe(0)
  })

  it('waits for another tab, and no longer than it lives', async () => {
    const { log, work } = worker()
    const lease = (until: number) => localStorage.setItem('signalbox-refresh', JSON.stringify({ holder: 'another', until }))
    lease(Date.now() + 60_000)
    const waiting = inTurn(work('mine'))
    await new Promise((resolve) => setTimeout(resolve, 250))
    expect(log).toEqual([])
    lease(Date.now() - 1)
    expect(await waiting).toBe('mine')
    localStorage.setItem('signalbox-refresh', 'rubbish')
    expect(await inTurn(work('again'))).toBe('again')
  })

  it('lets the next one go on when it fails', async () => {
    await expect(inTurn(() => Promise.reject(new Error('no')))).rejects.toThrow('no')
    expect(await inTurn(async () => 'yes')).toBe('yes')
  })
})
