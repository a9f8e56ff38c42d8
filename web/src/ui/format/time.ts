const SECOND = 1_000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** A span in the two largest units that matter: `430 ms`, `2.4 s`, `3 min 12 s`, `2 h 5 min`, `3 d 4 h`. */
export function formatDuration(ms: number): string {
  if (ms < 0) return `−${formatDuration(-ms)}`
  if (ms < SECOND) return `${Math.round(ms)} ms`
  if (ms < 10 * SECOND) return `${(Math.floor(ms / 100) / 10).toFixed(1)} s`
  if (ms < MINUTE) return `${Math.floor(ms / SECOND)} s`
  if (ms < HOUR) return pair(ms, MINUTE, 'min', SECOND, 's')
  if (ms < DAY) return pair(ms, HOUR, 'h', MINUTE, 'min')
  return pair(ms, DAY, 'd', HOUR, 'h')
}

function pair(ms: number, big: number, bigUnit: string, small: number, smallUnit: string): string {
  const rest = Math.floor((ms % big) / small)
  return rest === 0 ? `${Math.floor(ms / big)} ${bigUnit}` : `${Math.floor(ms / big)} ${bigUnit} ${rest} ${smallUnit}`
}

/** One unit only, for lists: `12 s`, `5 min`, `3 h`, `2 d`. */
export function formatSpan(ms: number): string {
  if (ms < MINUTE) return `${Math.max(0, Math.floor(ms / SECOND))} s`
  if (ms < HOUR) return `${Math.floor(ms / MINUTE)} min`
  if (ms < DAY) return `${Math.floor(ms / HOUR)} h`
  return `${Math.floor(ms / DAY)} d`
}

/** How long ago a moment is; clocks that differ by a little do not put it into the future. */
export function formatAge(iso: string, now: number): string {
  const ms = now - Date.parse(iso)
  return ms < 5 * SECOND ? 'just now' : `${formatSpan(ms)} ago`
}

export type Urgency = 'none' | 'calm' | 'soon' | 'overdue'

/** A deadline in words, with how much it presses: `soon` within the last hour. */
export function dueWords(dueAt: string | null | undefined, now: number): { words: string; urgency: Urgency } {
  if (!dueAt) return { words: 'no deadline', urgency: 'none' }
  const left = Date.parse(dueAt) - now
  if (left <= 0) return { words: `overdue by ${formatSpan(-left)}`, urgency: 'overdue' }
  return { words: `due in ${formatSpan(left)}`, urgency: left < HOUR ? 'soon' : 'calm' }
}

const moment = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' })
const clock = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', second: '2-digit' })
const day = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short' })

export const formatMoment = (iso: string): string => moment.format(new Date(iso))
export const formatClock = (iso: string): string => clock.format(new Date(iso))
export const formatDay = (iso: string | number): string => day.format(new Date(iso))
