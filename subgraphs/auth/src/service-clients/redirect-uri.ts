import { BadUserInputError } from '@signalbox/shared/errors'

const MAX_URIS = 10
const MAX_LENGTH = 1_000
const LOOPBACK = new Set(['127.0.0.1', '[::1]'])

/**
 * The addresses that people may be sent back to. They are compared character by character (RFC 9700, 2.1; OAuth 2.1, 2.3.1), the port of a
 * loopback address left out (RFC 8252, 7.3).
 * @throws {BadUserInputError} naming each that will not do, what is wrong with it and what would be right
 */
export function requireRedirectUris(uris: string[]): string[] {
  const wanted = [...new Set(uris.map((uri) => uri.trim()))]
  const path = 'redirectUris'
  if (wanted.length === 0 || wanted.length > MAX_URIS) {
    const message = wanted.length === 0 ? 'give at least one' : `give at most ${MAX_URIS}`
    throw new BadUserInputError('A public client needs the addresses that people are sent back to.', [{ path, message }])
  }
  const faults = wanted.flatMap((uri) => {
    const fault = redirectUriFault(uri)
    return fault === null ? [] : [{ path, message: `${uri.slice(0, 200)}: ${fault}` }]
  })
  if (faults.length > 0) throw new BadUserInputError('Not every address is one to send people back to.', faults)
  return wanted
}

/** What is wrong with an address, as a half sentence, or null. */
export function redirectUriFault(uri: string): string | null {
  if (uri.length > MAX_LENGTH) return `longer than ${MAX_LENGTH} characters`
  if (!/^[\x21-\x7e]+$/.test(uri)) return 'may hold no spaces and no characters beyond ASCII'
  if (uri.includes('#')) return 'may hold no fragment: leave out “#” and what follows'
  if (uri.includes('*')) return 'may hold no wildcard: write each address in full'
  const url = URL.parse(uri)
  if (url === null) return 'not an address: write it in full, like https://app.example.com/callback'
  if (url.username !== '' || url.password !== '' || /^[^/?]*\/\/[^/?]*@/.test(uri)) return 'may hold no user name and no password'
  return originFault(url) ?? formFault(uri, url)
}

function originFault({ protocol, hostname }: URL): string | null {
  if (protocol === 'https:') {
    const isLocal = LOOPBACK.has(hostname) || hostname === 'localhost' || hostname.endsWith('.localhost')
    return isLocal
      ? 'https is not for this machine itself: write http://127.0.0.1 for an application on the person’s own computer'
      : null
  }
  if (protocol === 'http:') {
    if (LOOPBACK.has(hostname)) return null
    return hostname === 'localhost'
      ? 'write 127.0.0.1 in the place of localhost'
      : 'must begin with https://; plain http is for http://127.0.0.1 and http://[::1] only'
  }
  const isReverseDomain = /^[a-z][a-z\d+-]*(\.[a-z\d+-]+)+:$/.test(protocol)
  return isReverseDomain ? null : 'a scheme of your own must be a domain of yours in reverse, like com.example.app:/callback'
}

/** Browsers would read any other spelling as this one, and it would not be the same characters any more. */
const formFault = (uri: string, { href }: URL): string | null =>
  uri === href || `${uri}/` === href ? null : `write it as ${href.slice(0, 200)}`
