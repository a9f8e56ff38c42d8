import { BadUserInputError } from '@signalbox/shared/errors'
import type { IncomingRequest } from './webhook-intake.ts'

export const HIDDEN = '[hidden]'
const MAX_VALUE = 1_000

/** Of the way here, not of the sender. */
const NOT_THE_SENDERS =
  /^(x-signalbox-.*|x-forwarded-.*|x-real-ip|x-request-id|forwarded|signature|signature-input|content-digest|host|connection|content-length|accept-encoding|transfer-encoding)$/
const SECRET = /authorization|cookie|signature|token|secret|password|passwd|(^|-)auth(-|$)|api-?key|(^|-)key$|credential/

/** The sender's headers, in lower case, without what is secret of them. */
export function hiddenHeaders(headers: IncomingRequest['headers'], signatureHeader?: string): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]): [string, string][] => {
      if (value === undefined || NOT_THE_SENDERS.test(name)) return []
      const text = Array.isArray(value) ? value.join(', ') : value
      return [[name, name === signatureHeader || SECRET.test(name) ? HIDDEN : text.slice(0, MAX_VALUE)]]
    }),
  )
}

/** JSON, or a form's fields: a text each, or a list of them where a name comes again. @throws {BadUserInputError} */
export function readBody({ headers, body }: Pick<IncomingRequest, 'headers' | 'body'>): unknown {
  const text = body.toString('utf8')
  const mediaType = String(headers['content-type'] ?? '')
    .split(';')[0]!
    .trim()
    .toLowerCase()
  if (mediaType === 'application/x-www-form-urlencoded') return formOf(text)
  if (text.trim() === '') return null
  try {
    return JSON.parse(text) as unknown
  } catch {
    throw new BadUserInputError('The body is not JSON.', [{ path: 'body', message: 'is not JSON' }])
  }
}

function formOf(text: string): Record<string, string | string[]> {
  const fields = new URLSearchParams(text)
  return Object.fromEntries(
    [...new Set(fields.keys())].map((name) => {
      const values = fields.getAll(name)
      return [name, values.length === 1 ? values[0]! : values]
    }),
  )
}
