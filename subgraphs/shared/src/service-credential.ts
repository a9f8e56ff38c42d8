import {
  createHash,
  createPrivateKey,
  createPublicKey,
  randomBytes,
  sign,
  timingSafeEqual,
  verify,
  type KeyObject,
} from 'node:crypto'
import { NonceMemory } from './nonce-memory.ts'

/**
 * A service's own private key. Its `kid` is the service's name (`gateway`, `auth`, `workflow`, `telemetry`), or the name and a mark that
 * tells a new key from an old one while both are trusted: `gateway.2`.
 */
export interface ServiceKey {
  kid: string
  privateKey: KeyObject
}

/** The public keys of the services that may call, by `kid`. */
export type TrustedCallers = ReadonlyMap<string, KeyObject>

/** Names are in lower case, as Node gives them. */
export type Headers = Record<string, string | string[] | undefined>

export interface SignableRequest {
  method: string
  /** With its query, as it stands in the request line. */
  path: string
  headers: Headers
  /** Absent: the body is streamed, or there is none; then it is not bound, but its type and length are. */
  body?: string | Buffer
}

export interface SigningOptions {
  /** The service that is called; no other takes the signature. */
  audience: string
  /** Milliseconds since the epoch. */
  now?: number
}

/** Seconds that a signature holds, and that two clocks may be apart. */
export const LIFETIME = 20
export const LONGEST_LIFETIME = 30
export const CLOCK_SKEW = 5

/** Every one of these that a request has must be covered: nobody on the way may change, add or take away one. */
const BOUND_HEADERS = [
  'authorization',
  'content-digest',
  'content-type',
  'cookie',
  'x-request-id',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-proto',
  'user-agent',
]
const PRIVATE_HEADER = /^x-signalbox-/
const ALWAYS_COVERED = ['@method', '@path', '@query']

/** Why a request is none of a trusted service; for the log, never for the caller. */
export class CredentialError extends Error {
  override name = 'CredentialError'
}

/** RFC 9530, 2: of the body as it is sent. */
export const contentDigest = (body: string | Buffer) => `sha-256=:${createHash('sha256').update(body).digest('base64')}:`

/**
 * Signs a request as this service: HTTP Message Signatures (RFC 9421) with Ed25519 over method, path, query, the digest of the body
 * (RFC 9530) and every header that means something to the receiver. Good for one request, one receiver and 20 seconds.
 * @returns the headers to add: `content-digest` (where there is a body), `signature-input`, `signature`
 */
export function signRequest(key: ServiceKey, request: SignableRequest, { audience, now = Date.now() }: SigningOptions) {
  const added: Record<string, string> = request.body === undefined ? {} : { 'content-digest': contentDigest(request.body) }
  const headers = request.body === undefined ? request.headers : { ...request.headers, ...added }
  const components = [...ALWAYS_COVERED, ...boundHeaders(headers)]
  const created = Math.floor(now / 1000)
  const nonce = randomBytes(16).toString('base64url')
  const list = components.map((name) => `"${name}"`).join(' ')
  const parameters =
    `(${list});created=${created};expires=${created + LIFETIME};nonce="${nonce}";alg="ed25519"` +
    `;keyid="${key.kid}";tag="${audience}"`
  const signature = sign(null, signatureBase({ ...request, headers }, components, parameters), key.privateKey)
  return { ...added, 'signature-input': `sig=${parameters}`, signature: `sig=:${signature.toString('base64')}:` }
}

/** Decides whether a request was signed by a trusted service for this one, just now and for the first time. */
export class CallerVerifier {
  readonly #nonces: NonceMemory

  /**
   * @param audience this service's own name
   * @param now milliseconds since the epoch
   */
  constructor(
    private readonly audience: string,
    private readonly trusted: TrustedCallers,
    private readonly now: () => number = Date.now,
  ) {
    this.#nonces = new NonceMemory((LONGEST_LIFETIME + 2 * CLOCK_SKEW) * 1000, now)
  }

  /**
   * Everything but the body, of which there is nothing yet: compare it with `content-digest`, which is covered, when it is here.
   * @returns the caller's name
   * @throws {CredentialError}
   */
  verifyRequest({ method, path, headers }: Omit<SignableRequest, 'body'>): string {
    const { components, parameters, signature, raw } = parseSignature(headers)
    const { keyid, nonce, created } = this.#checkParameters(parameters)
    const missing = [...ALWAYS_COVERED, ...boundHeaders(headers)].find((name) => !components.includes(name))
    if (missing !== undefined) throw new CredentialError(`${missing} is not covered`)
    const key = this.trusted.get(keyid)
    if (key === undefined) throw new CredentialError('unknown keyid')
    if (!verify(null, signatureBase({ method, path, headers }, components, raw), key, signature)) {
      throw new CredentialError('the signature does not hold')
    }
    // Last: only what a trusted service signed is remembered.
    if (!this.#nonces.add(nonce, created)) throw new CredentialError('used before')
    return serviceOf(keyid)
  }

  #checkParameters({ created, expires, nonce, keyid, alg, tag }: Record<string, string | number>) {
    if (typeof created !== 'number' || typeof expires !== 'number') throw new CredentialError('no times')
    if (typeof nonce !== 'string' || nonce.length < 16 || nonce.length > 64) throw new CredentialError('no nonce')
    if (typeof keyid !== 'string' || alg !== 'ed25519') throw new CredentialError('no keyid, or another algorithm')
    if (tag !== this.audience) throw new CredentialError('signed for another service')
    const now = this.now() / 1000
    if (expires - created > LONGEST_LIFETIME || expires < created) throw new CredentialError('lives too long')
    if (created > now + CLOCK_SKEW) throw new CredentialError('from the future')
    if (expires < now - CLOCK_SKEW) throw new CredentialError('expired')
    return { keyid, nonce, created }
  }
}

/** The name of the service that a key belongs to. */
export const serviceOf = (kid: string) => kid.split('.')[0]!

/** Whether a body is the one that a covered `content-digest` speaks of. */
export function isDigestOf(header: Headers[string], body: string | Buffer): boolean {
  const expected = Buffer.from(contentDigest(body))
  const given = Buffer.from(typeof header === 'string' ? header : '')
  return given.length === expected.length && timingSafeEqual(given, expected)
}

/** @throws when the text is no private Ed25519 JWK with a `kid`, as JSON or base64url of it */
export function parseServiceKey(text: string): ServiceKey {
  const jwk = parseJson(text) as Jwk
  if (!isEd25519(jwk) || jwk.d === undefined) throw new Error('not a private Ed25519 key with a kid (JWK)')
  return { kid: jwk.kid, privateKey: createPrivateKey({ key: jwk as never, format: 'jwk' }) }
}

/** @throws when the text is no set of public Ed25519 JWKs, each with another `kid`, as JSON or base64url of it */
export function parseTrustedCallers(text: string): TrustedCallers {
  const { keys } = parseJson(text) as { keys?: Jwk[] }
  if (!Array.isArray(keys) || keys.length === 0 || !keys.every(isEd25519)) {
    throw new Error('not a set of public Ed25519 keys, each with a kid (JWKS)')
  }
  if (keys.some((key) => key.d !== undefined)) throw new Error('holds a private key')
  const trusted = new Map(keys.map((key) => [key.kid, createPublicKey({ key: key as never, format: 'jwk' })]))
  if (trusted.size !== keys.length) throw new Error('two keys have the same kid')
  return trusted
}

interface Jwk {
  kty: string
  crv: string
  kid: string
  x: string
  d?: string
}

const isEd25519 = (key: Jwk | null) =>
  key !== null &&
  typeof key === 'object' &&
  key.kty === 'OKP' &&
  key.crv === 'Ed25519' &&
  typeof key.kid === 'string' &&
  /^[\w-]{1,64}(\.[\w-]{1,32})?$/.test(key.kid)

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text.trim().startsWith('{') ? text : Buffer.from(text, 'base64url').toString('utf8'))
  } catch {
    throw new Error('neither JSON nor base64url of it')
  }
}

/** The length too, where no digest stands for the body; a body that is empty has no other. */
const boundHeaders = (headers: Headers) => [
  ...(headers['content-digest'] === undefined && Number(headers['content-length'] ?? 0) > 0 ? ['content-length'] : []),
  ...BOUND_HEADERS.filter((name) => headers[name] !== undefined),
  ...Object.keys(headers).filter((name) => PRIVATE_HEADER.test(name) && headers[name] !== undefined),
]

/** RFC 9421, 2.5. @throws {CredentialError} when the request lacks a component */
export function signatureBase(request: Omit<SignableRequest, 'body'>, components: readonly string[], parameters: string): Buffer {
  const lines = components.map((name) => `"${name}": ${componentOf(request, name)}`)
  return Buffer.from([...lines, `"@signature-params": ${parameters}`].join('\n'))
}

/** RFC 9421, 2.1 and 2.2. */
function componentOf({ method, path, headers }: Omit<SignableRequest, 'body'>, name: string): string {
  const question = path.indexOf('?')
  if (name === '@method') return method
  if (name === '@path') return question === -1 ? path : path.slice(0, question)
  if (name === '@query') return question === -1 ? '?' : path.slice(question)
  if (name === '@authority') return String(headers['host']).toLowerCase()
  const value = headers[name]
  if (value === undefined) throw new CredentialError(`${name} is covered but not there`)
  return Array.isArray(value) ? value.map((one) => one.trim()).join(', ') : String(value).trim()
}

const COMPONENT = '"@?[a-z0-9-]+"'
const INPUT = new RegExp(`^sig=(\\((${COMPONENT}(?: ${COMPONENT})*)\\)((?:;[a-z]+=(?:\\d{1,12}|"[\\w:.-]{0,128}"))+))$`)
const SIGNATURE = /^sig=:([A-Za-z0-9+/]{86}==):$/

/** The subset of structured fields (RFC 8941) that a signature of ours is written in, which is also its canonical form. */
function parseSignature(headers: Headers) {
  const input = headers['signature-input']
  const given = headers['signature']
  if (typeof input !== 'string' || typeof given !== 'string') throw new CredentialError('not signed')
  const [, raw, list, parameterText] = input.length > 2_048 ? [] : (INPUT.exec(input) ?? [])
  const encoded = SIGNATURE.exec(given)?.[1]
  if (raw === undefined || encoded === undefined) throw new CredentialError('the signature cannot be read')
  const components = list!.split(' ').map((name) => name.slice(1, -1))
  const pairs = parameterText!.slice(1).split(';').map(parameterOf)
  const parameters = Object.fromEntries(pairs)
  const isDoubled = new Set(components).size !== components.length || Object.keys(parameters).length !== pairs.length
  if (isDoubled) throw new CredentialError('a component or parameter stands twice')
  return { raw, components, parameters, signature: Buffer.from(encoded, 'base64') }
}

function parameterOf(text: string): [name: string, value: string | number] {
  const [name, value] = text.split('=') as [string, string]
  return [name, value.startsWith('"') ? value.slice(1, -1) : Number(value)]
}
