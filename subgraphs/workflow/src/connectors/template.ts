import { ToolError } from './tool-error.ts'

/** `{{name}}` */
const PLACE = /\{\{\s*([A-Za-z_][A-Za-z0-9_]{0,63})\s*\}\}/g

/** The names that a text leaves open, each once. */
export const placesOf = (...texts: (string | undefined)[]): string[] => [
  ...new Set(texts.flatMap((text) => [...(text ?? '').matchAll(PLACE)].map(([, name]) => name!))),
]

type Values = Record<string, unknown>

/** A text as it is, anything else as JSON, nothing as nothing. */
export const textOf = (value: unknown): string =>
  typeof value === 'string' ? value : value === undefined || value === null ? '' : JSON.stringify(value)

export const fillText = (template: string, values: Values): string =>
  template.replaceAll(PLACE, (_, name: string) => textOf(values[name]))

/**
 * An address with its open places filled. A value stays within the part of the path, or of the query, that it stands in, whatever it
 * holds: it is percent-encoded, and one that would change the path (`..`, nothing at all) is refused.
 * @throws {ToolError}
 */
export function fillUrl(template: string, values: Values): string {
  const filled = template.replaceAll(PLACE, (_, name: string) => encodeURIComponent(textOf(values[name]).toWellFormed()))
  const { pathname } = new URL(filled)
  const expected = new URL(template.replaceAll(PLACE, 'x')).pathname
  const parts = pathname.split('/')
  const wanted = expected.split('/')
  if (parts.length !== wanted.length || parts.some((part, index) => part === '' && wanted[index] !== ''))
    throw new ToolError('A value that is needed for the address is empty or is not allowed there.', { retryable: false })
  return filled
}

/** An address as it is shown and masked: what looks like a mail address or a phone number is one. */
export const readable = (url: string): string => url.replaceAll(/%(?:40|2B|20)/gi, decodeURIComponent)

/** A JSON template with its open places filled: a text that is one place becomes the value itself, of any kind. */
export function fillJson(template: unknown, values: Values): unknown {
  if (typeof template === 'string') {
    const [whole, name] = /^\{\{\s*([A-Za-z_][A-Za-z0-9_]{0,63})\s*\}\}$/.exec(template) ?? []
    return whole === undefined ? fillText(template, values) : (values[name!] ?? null)
  }
  if (Array.isArray(template)) return template.map((item) => fillJson(item, values))
  if (template === null || typeof template !== 'object') return template
  return Object.fromEntries(Object.entries(template).map(([key, value]) => [key, fillJson(value, values)]))
}
