import { EgressRefusedError } from './errors.ts'

/** RFC 9110, 5.6.2: a token. */
const NAME = /^[!#$%&'*+.^_`|~\dA-Za-z-]+$/
/** RFC 9110, 5.5: no control character but the tab; nothing that one byte cannot carry. */
// oxlint-disable-next-line no-control-regex
const VALUE = /^[\t\u0020-\u007e\u0080-\u00ff]*$/
/** The connection's and the framing's own; who sets them could smuggle a second request or speak to another host. */
const OURS = /^(host|connection|content-length|transfer-encoding|te|trailer|upgrade|expect|keep-alive|accept-encoding|proxy-.*)$/
/** What may follow a redirect to another origin: everything else may be a credential. */
const HARMLESS = /^(accept|accept-language|user-agent|content-type|content-language)$/

export type EgressHeaders = Record<string, string>

/** Lower-case names. @throws {EgressRefusedError} for a header that is malformed or not the caller's to set */
export function checkHeaders(headers: EgressHeaders): EgressHeaders {
  const checked: EgressHeaders = {}
  for (const [name, value] of Object.entries(headers)) {
    const lower = name.toLowerCase()
    if (!NAME.test(name) || !VALUE.test(value) || OURS.test(lower) || Object.hasOwn(checked, lower))
      throw new EgressRefusedError(
        'HEADER_REFUSED',
        'A request header is not allowed or contains characters that are not allowed.',
      )
    checked[lower] = value
  }
  return checked
}

export const harmlessOnly = (headers: EgressHeaders): EgressHeaders =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => HARMLESS.test(name)))

export const withoutContent = (headers: EgressHeaders): EgressHeaders =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => !name.startsWith('content-')))
