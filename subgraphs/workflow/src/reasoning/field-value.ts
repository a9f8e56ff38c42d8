import type { FieldSpec } from './reasoning-model.ts'

const YES = /^(?:true|yes|y|ja|j|oui|1|x|✓)$/i
const NO = /^(?:false|no|n|nein|non|0)$/i

/** A value as the field's type has it; undefined when it is none of that type. */
export function fieldValue(type: FieldSpec['type'], raw: unknown): string | number | boolean | undefined {
  if (type === 'boolean' && typeof raw === 'boolean') return raw
  if (type === 'number' && typeof raw === 'number') return Number.isFinite(raw) ? raw : undefined
  if (typeof raw !== 'string') return undefined
  const text = raw.trim()
  if (text === '') return undefined
  if (type === 'number') return numberIn(text)
  if (type === 'date') return dateIn(text)
  if (type === 'boolean') return YES.test(text) ? true : NO.test(text) ? false : undefined
  return text
}

/**
 * A number as people write it: `1.234,56`, `1,234.56`, `1 234,56`, `1'234.56`, `€ 12`, `-5`, `5-`, `(5)`. Of two separators the last is the
 * decimal one. A lone one before exactly three digits separates thousands (`1.234` is 1234), unless it follows a lone 0.
 */
export function numberIn(text: string): number | undefined {
  const found =
    /^[^\d.,()-]{0,8}(?<open>\()?[^\d.,-]{0,8}(?<minus>-)?\s?[^\d.,-]{0,8}(?<digits>\d[\d.,' \u00a0\u202f]*)(?<after>-)?[^\d.,-]{0,8}$/.exec(
      text.replaceAll(/[\u2212\u2013]/g, '-').trim(),
    )
  if (found === null) return undefined
  const { digits, minus, after, open } = found.groups as { digits: string; minus?: string; after?: string; open?: string }
  const plain = digits.replaceAll(/[' \u00a0\u202f]/g, '')
  const point = decimalPointOf(plain)
  const whole = point === undefined ? plain : plain.slice(0, point)
  if (!/^\d+$|^\d{1,3}(?:([.,])\d{3})(?:\1\d{3})*$/.test(whole)) return undefined
  const fraction = point === undefined ? '' : plain.slice(point + 1)
  if (!/^\d*$/.test(fraction)) return undefined
  const value = Number(`${whole.replaceAll(/\D/g, '')}.${fraction}0`)
  return minus !== undefined || after !== undefined || open !== undefined ? -value : value
}

/** Where the decimal separator stands. */
function decimalPointOf(text: string): number | undefined {
  const [dot, comma] = [text.lastIndexOf('.'), text.lastIndexOf(',')]
  const last = Math.max(dot, comma)
  if (last === -1) return undefined
  if (dot !== -1 && comma !== -1) return last
  if (text.indexOf(text[last]!) !== last) return undefined
  const isThousands = text.length - last === 4 && last <= 3 && text.slice(0, last) !== '0'
  return isThousands ? undefined : last
}

/** The beginnings of the months' names, English and German, in which they differ. */
const MONTHS = ['jan', 'feb', 'mar|mär|mrz', 'apr', 'may|mai', 'jun', 'jul', 'aug', 'sep', 'oct|okt', 'nov', 'dec|dez'].map(
  (names) => new RegExp(`^(?:${names})`, 'i'),
)

/**
 * A date as people write it, as `2026-11-25`. With numbers only, the day comes first (`3/4/2026` is in April), unless that is no date; a year of
 * two digits is of this century. Undefined for what the calendar does not have.
 */
export function dateIn(text: string): string | undefined {
  const iso = /^(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ].*)?$/.exec(text)
  if (iso !== null) return dateOf(iso[1]!, iso[2]!, iso[3]!)
  const numbers = /^(\d{1,2})([./-])\s?(\d{1,2})\2\s?(\d{4}|\d{2})$/.exec(text)
  if (numbers !== null) return dateOf(numbers[4]!, numbers[3]!, numbers[1]!) ?? dateOf(numbers[4]!, numbers[1]!, numbers[3]!)
  const dayFirst = /^(?:\p{L}+,? )?(\d{1,2})(?:\.|st|nd|rd|th)?\s(?:of\s)?(\p{L}{3,10})\.?,?\s(\d{4})$/u.exec(text)
  if (dayFirst !== null) return dateOf(dayFirst[3]!, monthOf(dayFirst[2]!), dayFirst[1]!)
  const monthFirst = /^(?:\p{L}+, )?(\p{L}{3,10})\.?\s(\d{1,2})(?:st|nd|rd|th)?,?\s(\d{4})$/u.exec(text)
  return monthFirst === null ? undefined : dateOf(monthFirst[3]!, monthOf(monthFirst[1]!), monthFirst[2]!)
}

const monthOf = (name: string) => String(MONTHS.findIndex((pattern) => pattern.test(name)) + 1)

function dateOf(year: string, month: string, day: string): string | undefined {
  const text = `${year.padStart(4, '20')}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`
  const date = new Date(`${text}T00:00:00Z`)
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text) ? text : undefined
}
