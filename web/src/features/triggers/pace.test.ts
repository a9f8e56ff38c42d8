import { describe, expect, it } from '@jest/globals'
import { defaultPace, toCron, toPace } from './pace.ts'

describe('a pace', () => {
  it.each([
    ['30 * * * *', 'hour'],
    ['0 8 * * *', 'day'],
    ['15 17 * * 1-5', 'weekdays'],
    ['0 8 * * 1', 'week'],
    ['0 6 28 * *', 'month'],
    ['0 6 L * *', 'month'],
  ])('is read from a cron and gives it back: %s', (cron, kind) => {
    expect(toPace(cron).kind).toBe(kind)
    expect(toCron(toPace(cron))).toBe(cron)
  })

  it.each(['0 6 31 * *', '*/5 * * * *', '0 8 * 1 *', '0 8 1 * 1', '5 * 1 * *'])(
    'leaves to cron what it cannot say: %s',
    (cron) => {
      expect(toPace(cron)).toEqual({ ...defaultPace, kind: 'other', cron })
      expect(toCron(toPace(cron))).toBe(cron)
    },
  )

  it('knows weekdays by name', () => expect(toPace('0 8 * * MON')).toMatchObject({ kind: 'week', weekday: '1' }))
})
