import { describe, expect, it } from '@jest/globals'
import { cronWords } from './cron-words.ts'
import { checkTimes, timesAfter, timesBetween } from './cron.ts'

const BERLIN = 'Europe/Berlin'
const texts = (times: Date[]) => times.map((time) => time.toISOString().slice(5, 16))
const after = (cron: string, from: string, count: number) => texts(timesAfter({ cron, timeZone: BERLIN }, new Date(from), count))

describe('the times of a schedule', () => {
  it('follow the clock of their zone through both changes', () => {
    expect(after('0 8 * * *', '2026-03-28T00:00Z', 2)).toEqual(['03-28T07:00', '03-29T06:00'])
    expect(after('0 8 * * *', '2026-10-24T12:00Z', 2)).toEqual(['10-25T07:00', '10-26T07:00'])
  })

  it('that the clock skips in spring come right after the gap, and once', () => {
    expect(after('30 2 * * *', '2026-03-28T02:00Z', 2)).toEqual(['03-29T01:00', '03-30T00:30'])
  })

  it('that the clock shows twice in autumn come once, unless every hour is meant', () => {
    expect(after('30 2 * * *', '2026-10-24T23:00Z', 2)).toEqual(['10-25T00:30', '10-26T01:30'])
    expect(after('0 2-3 * * *', '2026-10-24T23:00Z', 3)).toEqual(['10-25T00:00', '10-25T02:00', '10-26T01:00'])
    expect(after('30 * * * *', '2026-10-25T00:00Z', 3)).toEqual(['10-25T00:30', '10-25T01:30', '10-25T02:30'])
  })

  it('of a long gap are found from its end', () => {
    const year = timesBetween({ cron: '* * * * *', timeZone: BERLIN }, new Date('2025-01-01'), new Date('2026-01-01T00:00Z'), 2)
    expect(texts(year)).toEqual(['12-31T23:59', '01-01T00:00'])
    const few = timesBetween({ cron: '0 0 * * *', timeZone: 'UTC' }, new Date('2026-01-01'), new Date('2026-01-02T12:00Z'), 9)
    expect(texts(few)).toEqual(['01-01T00:00', '01-02T00:00'])
  })

  it.each([
    ['0 0 30 2 *', BERLIN, /never comes: there is no day 30 in February\. 0 0 L 2 \* is its last day/],
    ['0 0 31 4,6 *', BERLIN, /there is no day 31 in April or June/],
    ['61 * * * *', BERLIN, /"61" is no minute: 0 to 59/],
    ['0 8 * *', BERLIN, /needs five parts/],
    ['0 0 8 * * MON', BERLIN, /needs five parts/],
    ['0 8 * * FRY', BERLIN, /"FRY" is no weekday/],
    ['0 8 * * *', 'Berlin', /must be a time zone/],
  ])('are refused with what would be right: %s %s', (cron, timeZone, message) => {
    const read = () => checkTimes({ cron, timeZone })
    expect(read).toThrow(expect.objectContaining({ code: 'BAD_USER_INPUT' }))
    try {
      read()
    } catch (error) {
      expect((error as { extensions: { fields: { message: string }[] } }).extensions.fields[0]!.message).toMatch(message)
    }
  })

  it.each([
    ['0 8 * * MON', 'Every Monday at 08:00'],
    ['30 7,18 * * 1-5', 'Every weekday at 07:30 and 18:30'],
    ['*/15 9-17 * * *', 'Every 15 minutes between 09:00 and 17:59'],
    ['0 * * * *', 'Every hour, on the hour'],
    ['0 0 L 2 *', 'On the last day of February at 00:00'],
    ['0 6 1 1,7 *', 'On the 1st of January and July at 06:00'],
  ])('are told in plain words: %s', (cron, words) => expect(cronWords(cron)).toBe(words))
})
