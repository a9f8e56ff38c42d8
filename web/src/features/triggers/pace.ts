/** The ways of coming again that are offered without knowing cron. */
export type PaceKind = 'hour' | 'day' | 'weekdays' | 'week' | 'month' | 'other'

export interface Pace {
  kind: PaceKind
  /** `08:00`; of an hourly pace the minutes count. */
  time: string
  /** 0 is Sunday. */
  weekday: string
  /** 1 to 28, or L for the last. */
  day: string
  /** For `other`. */
  cron: string
}

export const paceWords: Record<PaceKind, string> = {
  hour: 'Every hour',
  day: 'Every day',
  weekdays: 'Monday to Friday',
  week: 'Once a week',
  month: 'Once a month',
  other: 'In another way',
}

export const weekdays = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday']

export const defaultPace: Pace = { kind: 'week', time: '08:00', weekday: '1', day: '1', cron: '0 8 * * MON' }

export function toCron({ kind, time, weekday, day, cron }: Pace): string {
  const [hour = 0, minute = 0] = time.split(':').map(Number)
  if (kind === 'hour') return `${minute} * * * *`
  if (kind === 'day') return `${minute} ${hour} * * *`
  if (kind === 'weekdays') return `${minute} ${hour} * * 1-5`
  if (kind === 'week') return `${minute} ${hour} * * ${weekday}`
  return kind === 'month' ? `${minute} ${hour} ${day} * *` : cron.trim()
}

/** What a cron is in these words; `other` where it is more than they can say. */
export function toPace(cron: string): Pace {
  const fields = /^(\d+) (\d+|\*) (\d+|L|\*) \* (\S+)$/.exec(cron)
  const other: Pace = { ...defaultPace, kind: 'other', cron }
  if (fields === null) return other
  const [, minute = '', hour = '', day = '', given = ''] = fields
  const time = `${(hour === '*' ? '0' : hour).padStart(2, '0')}:${minute.padStart(2, '0')}`
  const weekday = weekdayOf(given)
  const pace = { ...defaultPace, cron, time }
  if (hour === '*') return day === '*' && given === '*' ? { ...pace, kind: 'hour' } : other
  if (day !== '*') return given === '*' && (day === 'L' || Number(day) <= 28) ? { ...pace, kind: 'month', day } : other
  if (given === '*') return { ...pace, kind: 'day' }
  if (/^(1-5|MON-FRI)$/i.test(given)) return { ...pace, kind: 'weekdays' }
  return weekday === undefined ? other : { ...pace, kind: 'week', weekday }
}

function weekdayOf(field: string): string | undefined {
  if (/^[0-7]$/.test(field)) return String(Number(field) % 7)
  const index = weekdays.findIndex((name) => name.slice(0, 3).toUpperCase() === field.toUpperCase())
  return index === -1 ? undefined : String(index)
}
