import { createRemoteJWKSet, customFetch, errors, jwtVerify, type JWTPayload } from 'jose'
import { UnauthenticatedError, UnavailableError } from './errors.ts'
import { fetchAs } from './service-call.ts'
import type { ServiceIdentity } from './service-identity.ts'

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
  orgs: string[]
  scope: string
  kind: ActorKind
  role?: string
  sid?: string
}

export interface TokenVerifierOptions {
  jwksUrl: string
  issuer: string
  audience: string
  /** The keys are asked for as this service. */
  identity?: ServiceIdentity
}

export type TokenVerifier = (authorization: string | undefined) => Promise<Viewer | null>

/**
 * Verifies bearer tokens against the issuer's JWKS: ES256 only, `at+jwt`, issuer, audience and expiry (RFC 9068).
 * Verified tokens are remembered until they expire. No header gives null.
 * @throws {UnauthenticatedError} for a token that does not hold; {UnavailableError} when the keys cannot be read
 */
export function createTokenVerifier({ jwksUrl, issuer, audience, identity }: TokenVerifierOptions): TokenVerifier {
  const keys = createRemoteJWKSet(new URL(jwksUrl), {
    cooldownDuration: 1_000,
    timeoutDuration: 3_000,
    ...(identity && { [customFetch]: fetchAs(identity, 'auth') as never }),
  })
  const verified = new Map<string, Viewer>()

  return async (authorization) => {
    if (authorization === undefined || authorization === '') return null
    const token = /^Bearer ([\w-]+\.[\w-]+\.[\w-]+)$/i.exec(authorization)?.[1]
    if (token === undefined || token.length > 8_192) throw new UnauthenticatedError('The access token is not valid.')
    const known = verified.get(token)
    if (known !== undefined && known.expiresAt * 1000 > Date.now()) return known
    verified.delete(token)
    try {
      const { payload } = await jwtVerify<AccessTokenClaims>(token, keys, {
        issuer,
        audience,
        algorithms: ['ES256'],
        typ: 'at+jwt',
        requiredClaims: ['sub', 'exp', 'org', 'orgs', 'scope', 'kind'],
      })
      const viewer = toViewer(payload, token)
      if (verified.size >= 10_000) verified.delete(verified.keys().next().value!)
      verified.set(token, viewer)
      return viewer
    } catch (error) {
      const unreachable = error instanceof errors.JWKSTimeout || !(error instanceof errors.JOSEError) || isKeyFetchFailure(error)
      throw unreachable ? new UnavailableError('auth') : new UnauthenticatedError('The access token is not valid.')
    }
  }
}

/** jose reports an answer other than 200 from the JWKS address as a plain JOSEError. */
const isKeyFetchFailure = (error: errors.JOSEError) => error.code === 'ERR_JOSE_GENERIC'

function toViewer(claims: AccessTokenClaims, token: string): Viewer {
  return {
    actorId: claims.sub!,
    actorKind: claims.kind,
    organizationId: claims.org,
    organizationIds: [...new Set([claims.org, ...claims.orgs])],
    role: claims.role ?? null,
    scopes: new Set(claims.scope.split(' ').filter(Boolean)),
    sessionId: claims.sid ?? claims.jti ?? claims.sub!,
    expiresAt: claims.exp!,
    token,
  }
}
