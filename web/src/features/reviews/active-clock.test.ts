import { describe, expect, it } from '@jest/globals'
import { ActiveClock } from './active-clock.ts'

describe('the time that a reviewer spends', () => {
  it('does not count the time away, nor a start twice', () => {
    let now = 0
    const clock = new ActiveClock(() => now)
    clock.start()
    now = 1_000
    clock.start()
    clock.stop()
    now = 60_000
    expect(clock.elapsed).toBe(1_000)
    clock.start()
    now = 60_500
    expect(clock.elapsed).toBe(1_500)
  })
})
