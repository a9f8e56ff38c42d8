import { decodeProtectedHeader, jwtVerify, type JWTPayload } from 'jose'
import { UnauthenticatedError, UnavailableError } from './errors.ts'
import { IssuerKeys } from './issuer-keys.ts'
import { decodeOrganizations } from './organization-list.ts'
import type { Revocations } from './revocations.ts'
import type { ServiceIdentity } from './service-identity.ts'
import { VerifiedTokens } from './verified-tokens.ts'

export type ActorKind = 'USER' | 'SERVICE_CLIENT'

/** Who calls, as its verified access token says. */
export interface Viewer {
  actorId: string
  actorKind: ActorKind
  /** The active organisation: where the viewer writes. */
  organizationId: string
  /** Every organisation that the viewer may read, the active one included. */
  organizationIds: string[]
  role: string | null
  scopes: ReadonlySet<string>
  /** The session (people) or the token's id (service clients). */
  sessionId: string
  /** Seconds since the epoch. */
  expiresAt: number
  /** Seconds since the epoch, with fractions; without it every revocation of the actor counts. */
  issuedAt?: number
  /** The key that signed the token. */
  keyId?: string
  /** The token itself, to be forwarded; never logged. */
  token: string
}

/** The access token's claims beside the registered ones (RFC 9068). */
export interface AccessTokenClaims extends JWTPayload {
  org: string
  /** Readable organisations (`organization-list.ts`). */
  orgs: string | string[]
  scope: string
  kind: ActorKind
  role?: string
  sid?: string
}

export interface TokenVerifierOptions {
  jwksUrl: string
  issuer: string
  audience: string
  /** As whom the issuer's keys are asked for; absent: as anybody. */
  identity?: ServiceIdentity
  /** What ends tokens before their time; absent: nothing does (an issuer of somebody else). */
  revocations?: Pick<Revocations, 'isRevoked'> | undefined
}

export type TokenVerifier = (authorization: string | undefined) => Promise<Viewer | null>

/** Characters; what an agency with 400 clients needs, whatever its issuer's address (300 characters). Headers of 16 KB carry it. */
const LONGEST_TOKEN = 12_800
/** Seconds that the issuer's clock may be ahead of ours. */
const CLOCK_SKEW = 5
/** What every caller with a token that does not hold is told, whatever is wrong with it. */
export const INVALID_TOKEN = 'The access token is not valid.'

/** To its holder it is like any other token that does not hold; the audit trail tells whose it was. */
export class RevokedTokenError extends UnauthenticatedError {
  readonly #viewer: Viewer

  constructor(viewer: Viewer) {
    super(INVALID_TOKEN)
    this.#viewer = viewer
  }

  get viewer(): Viewer {
    return this.#viewer
  }
}

/** A header says this and no more: no key of its own, by value or by address, no extension (RFC 8725, 3.10; RFC 7515, 4.1.11). */
const HEADER = new Set(['alg', 'typ', 'kid'])

/**
 * Verifies bearer tokens against the issuer's JWKS: ES256 only, `at+jwt`, issuer, audience, times (RFC 9068), and that nothing has
 * revoked them. A token's signature is checked once; its revocation, its end and its key each time. No header gives null.
 * @throws {UnauthenticatedError} alike for every token that does not hold; {UnavailableError} when the keys cannot be read
 */
export function createTokenVerifier({ jwksUrl, identity, revocations, ...expected }: TokenVerifierOptions): TokenVerifier {
  const verified = new VerifiedTokens()
  const keys = new IssuerKeys({ jwksUrl, identity, onRead: (keyIds) => verified.keepSignedBy(keyIds) })

  return async (authorization) => {
    if (authorization === undefined || authorization === '') return null
    let viewer = keys.areFresh() ? verified.get(authorization) : undefined
    if (viewer === undefined) {
      viewer = await verify(tokenIn(authorization), keys, expected)
      verified.set(authorization, viewer)
    }
    if (revocations?.isRevoked(viewer)) throw new RevokedTokenError(viewer)
    return viewer
  }
}

async function verify(
  token: string,
  keys: IssuerKeys,
  { issuer, audience }: Pick<TokenVerifierOptions, 'issuer' | 'audience'>,
): Promise<Viewer> {
  const keyId = orNotValid(() => keyIdOf(token))
  const options = {
    issuer,
    audience,
    algorithms: ['ES256'],
    typ: 'at+jwt',
    requiredClaims: ['sub', 'exp', 'iat', 'org', 'orgs', 'scope', 'kind'],
  }
  const { payload } = await jwtVerify<AccessTokenClaims>(token, keys.find, options).catch((error: unknown) => {
    throw IssuerKeys.isUnreachable(error) ? new UnavailableError('auth') : notValid()
  })
  if (payload.iat! > Date.now() / 1000 + CLOCK_SKEW) throw notValid()
  return orNotValid(() => toViewer(payload, token, keyId))
}

function orNotValid<T>(read: () => T): T {
  try {
    return read()
  } catch {
    throw notValid()
  }
}

/** @throws {UnauthenticatedError} when there is no token of a plausible form (RFC 6750, 2.1) */
function tokenIn(authorization: string): string {
  const token = authorization.length > LONGEST_TOKEN ? undefined : BEARER.exec(authorization)?.[1]
  if (token === undefined) throw notValid()
  return token
}

const BEARER = /^Bearer ([\w-]+\.[\w-]+\.[\w-]+)$/i

/** @throws {TypeError} when the header is none of our issuer's */
function keyIdOf(token: string): string {
  const header = decodeProtectedHeader(token)
  if (typeof header.kid !== 'string' || !Object.keys(header).every((name) => HEADER.has(name)))
    throw new TypeError('another header')
  return header.kid
}

const notValid = () => new UnauthenticatedError(INVALID_TOKEN)

/** @throws {TypeError} when a claim is of another type */
function toViewer(claims: AccessTokenClaims, token: string, keyId: string): Viewer {
  const { sub, org, scope, kind } = claims
  const areTexts = [sub, org, scope].every((claim) => typeof claim === 'string')
  if (!areTexts || (kind !== 'USER' && kind !== 'SERVICE_CLIENT')) throw new TypeError('a claim is of another type')
  return {
    actorId: sub!,
    actorKind: kind,
    organizationId: org,
    organizationIds: [...new Set([org, ...decodeOrganizations(claims.orgs)])],
    role: claims.role ?? null,
    scopes: new Set(scope.split(' ').filter(Boolean)),
    sessionId: claims.sid ?? claims.jti ?? sub!,
    expiresAt: claims.exp!,
    issuedAt: claims.iat!,
    keyId,
    token,
  }
}
