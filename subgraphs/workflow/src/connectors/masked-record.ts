import { maskValue } from '@signalbox/shared/masking'

/** Characters of JSON that are kept of a request or an answer. */
const MAX_RECORD = 16_000
/** Shorter texts are no secret, and would be found in everything. */
const MIN_SECRET = 6

/** The value without these secrets, wherever they stand in it, in keys too. */
export function withoutSecrets<T>(value: T, secrets: readonly string[]): T {
  const texts = secrets.filter((secret) => secret.length >= MIN_SECRET).map((secret) => JSON.stringify(secret).slice(1, -1))
  if (texts.length === 0 || value === undefined) return value
  const json = texts.reduce((text, secret) => text.replaceAll(secret, '[secret]'), JSON.stringify(value))
  return JSON.parse(json) as T
}

/** What of a request or an answer is kept to be shown: masked by what it looks like, and cut. */
export const maskedRecord = (value: unknown): unknown => cutRecord(maskValue(value))

/** The value, or the beginning of its JSON when that is long. */
export function cutRecord(value: unknown): unknown {
  const text = JSON.stringify(value) ?? 'null'
  return text.length <= MAX_RECORD ? value : { cut: `${text.slice(0, MAX_RECORD).toWellFormed()}…`, characters: text.length }
}
