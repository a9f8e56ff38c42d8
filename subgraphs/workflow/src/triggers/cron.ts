import { Cron } from 'croner'
import { BadUserInputError } from '@signalbox/shared/errors'

/** When a schedule comes: five fields (minute, hour, day, month, weekday), read in a time zone of the IANA database. */
export interface Times {
  cron: string
  timeZone: string
}

const FIELDS = [
  { name: 'minute', range: '0 to 59' },
  { name: 'hour', range: '0 to 23' },
  { name: 'day of the month', range: '1 to 31, or L for the last' },
  { name: 'month', range: '1 to 12, or JAN to DEC' },
  { name: 'weekday', range: '0 to 7, or SUN to SAT' },
]

/** @throws {BadUserInputError} saying what would be right */
export function checkTimes({ cron, timeZone }: Times): void {
  const fault = (path: string, message: string) => new BadUserInputError('The schedule cannot be used.', [{ path, message }])
  if (!isTimeZone(timeZone)) throw fault('timeZone', 'must be a time zone such as Europe/Berlin')
  const parts = cron.trim().split(/\s+/)
  if (parts.length !== 5)
    throw fault('cron', 'needs five parts: minute, hour, day, month and weekday; 0 8 * * MON is every Monday at 08:00')
  let read: Cron
  try {
    read = reader({ cron, timeZone })
  } catch (error) {
    throw fault('cron', unreadable(parts, error as Error))
  }
  if (read.nextRun() === null) throw fault('cron', neverComes(parts))
}

function isTimeZone(name: string): boolean {
  try {
    // An offset such as +02:00 is none: it knows no summer.
    return /^[A-Za-z]/.test(new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone)
  } catch {
    return false
  }
}

function unreadable(parts: string[], { message }: Error): string {
  const index = parts.findIndex((part, at) => {
    try {
      return !new Cron(parts.map((_, other) => (other === at ? part : '*')).join(' '), { paused: true, mode: '5-part' })
    } catch {
      return true
    }
  })
  const field = FIELDS[index]
  if (field === undefined) return message.replace(/^CronPattern: /, '').slice(0, 200)
  return `"${parts[index]!.slice(0, 40)}" is no ${field.name}: ${field.range}, * for every one, */5 for every fifth`
}

const LONGEST = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
]

/** Five readable parts that no day fits: the day of the month is one that these months do not have. */
function neverComes([minute, hour, day, month, weekday]: string[]): string {
  const longest = Math.max(...LONGEST.filter((_, index) => isInMonth(month!, index)))
  const named = MONTHS.filter((_, index) => isInMonth(month!, index)).join(' or ')
  return `never comes: there is no day ${day} in ${named}. ${minute} ${hour} L ${month} ${weekday} is its last day, ${minute} ${hour} ${Math.min(longest, 28)} ${month} ${weekday} the ${Math.min(longest, 28)}th`
}

const isInMonth = (month: string, index: number) =>
  reader({ cron: `0 0 1 ${month} *`, timeZone: 'UTC' }).match(new Date(Date.UTC(2026, index, 1)))

const reader = ({ cron, timeZone }: Times) => new Cron(cron, { timezone: timeZone, paused: true, mode: '5-part' })

/**
 * The times after a moment, at most `count`. Around a change of the clock: a time that is skipped comes right after the gap, and one
 * that the clock shows twice comes once, unless the schedule goes through every hour.
 */
export function timesAfter(times: Times, after: Date, count: number): Date[] {
  const cron = reader(times)
  const found: Date[] = []
  let from = after
  while (found.length < count) {
    const next = cron.nextRun(from)
    if (next === null) break
    if (!isSecondShowing(times, next)) found.push(next)
    from = next
  }
  return found
}

/** The latest times that are in (from, until], oldest first, at most `count`; `from` itself counts. */
export function timesBetween(times: Times, from: Date, until: Date, count: number): Date[] {
  const found = reader(times).previousRuns(count + 2, new Date(until.getTime() + 1_000))
  return found
    .filter((time) => time >= from && time <= until && !isSecondShowing(times, time))
    .slice(0, count)
    .reverse()
}

/** Whether the clock has shown this time before, and the hours are named, so that it has come before. */
function isSecondShowing({ cron, timeZone }: Times, time: Date): boolean {
  if (cron.trim().split(/\s+/)[1]!.startsWith('*')) return false
  const clock = new Intl.DateTimeFormat('en', { timeZone, dateStyle: 'short', timeStyle: 'short' })
  const shown = clock.format(time)
  // Nearly everywhere the clock moves by an hour; on Lord Howe Island by half of one.
  return [60, 30].some((minutes) => clock.format(new Date(time.getTime() - minutes * 60_000)) === shown)
}
