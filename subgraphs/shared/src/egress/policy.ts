import { EgressRefusedError } from './errors.ts'

/** All addresses of a name, as the system resolver gives them. */
export type Resolve = (hostname: string) => Promise<string[]>

export interface EgressPolicy {
  /**
   * Origins (`http://127.0.0.1:5678`) that the operator configured: let through as they are, on plain HTTP, any port and a private address
   * too. Only that origin, and never by way of a redirect from another one.
   */
  trustedOrigins?: readonly string[]
  /** `['https:']` unless given. */
  schemes?: readonly ('https:' | 'http:')[]
  /** `[443]` unless given. */
  ports?: readonly number[]
  /** Names (`api.example.com`) or their subdomains (`*.example.com`). Any public host unless given. */
  hosts?: readonly string[]
  /** `dns.lookup` of all addresses unless given. */
  resolve?: Resolve
}

const DEFAULT_PORT: Record<string, number> = { 'https:': 443, 'http:': 80 }

/**
 * Parses an address as the URL standard does, so that what is checked is what is connected to, and refuses what parsers disagree about:
 * white space, control characters and backslashes (CWE-918).
 * @param base for a `Location` that is relative
 * @throws {EgressRefusedError}
 */
export function parseTarget(raw: string, base?: URL): URL {
  // oxlint-disable-next-line no-control-regex
  if (/[\u0000-\u0020\u007f-\u00a0\u2028\u2029\\]/.test(raw) || !URL.canParse(raw, base?.href))
    throw new EgressRefusedError('URL_MALFORMED', 'The address is not a valid web address.')
  const url = new URL(raw, base?.href)
  if (url.username !== '' || url.password !== '')
    throw new EgressRefusedError('CREDENTIALS_IN_URL', 'The address must not contain a user name or a password.')
  url.hash = ''
  return url
}

export const isTrusted = ({ trustedOrigins = [] }: EgressPolicy, origin: string): boolean =>
  trustedOrigins.some((trusted) => new URL(trusted).origin === origin)

/** @throws {EgressRefusedError} when scheme, port or host is not allowed; addresses are checked when the connection is made */
export function checkTarget(policy: EgressPolicy, url: URL): void {
  if (isTrusted(policy, url.origin)) return
  const { schemes = ['https:'], ports = [443], hosts } = policy
  if (!(schemes as string[]).includes(url.protocol))
    throw new EgressRefusedError('SCHEME_REFUSED', `The address must begin with ${schemes.map((s) => `${s}//`).join(' or ')}.`)
  if (!ports.includes(Number(url.port) || DEFAULT_PORT[url.protocol]!))
    throw new EgressRefusedError('PORT_REFUSED', `The address must use port ${ports.join(' or ')}.`)
  const name = url.hostname.replace(/\.$/, '')
  if (name === '' || (hosts !== undefined && !hosts.some((host) => covers(host, name))))
    throw new EgressRefusedError('HOST_REFUSED', 'This host is not on the list of allowed ones.')
}

const covers = (host: string, name: string) => (host.startsWith('*.') ? name.endsWith(host.slice(1)) : name === host)

/** A comma-separated list of origins. @throws {TypeError} naming the entry that is none */
export function parseOrigins(list: string): string[] {
  return list.split(',').flatMap((entry) => {
    const text = entry.trim()
    if (text === '') return []
    const url = URL.canParse(text) ? new URL(text) : undefined
    if (url === undefined || !['http:', 'https:'].includes(url.protocol) || url.href !== `${url.origin}/`)
      throw new TypeError(`"${text}" is not an origin such as https://n8n.example.com`)
    return [url.origin]
  })
}

export function isOriginList(list: string): boolean {
  try {
    parseOrigins(list)
    return true
  } catch {
    return false
  }
}
