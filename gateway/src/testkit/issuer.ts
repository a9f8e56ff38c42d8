import { exportJWK, generateKeyPair, SignJWT, type CryptoKey, type JWTPayload } from 'jose'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

export const ISSUER = 'http://signalbox.test/oidc'
export const AUDIENCE = 'urn:signalbox:api'
export const ORGANIZATION = '0190a000-0000-7000-8000-000000000002'

export interface TokenOptions {
  scope?: string
  /** Seconds from now. */
  lifetime?: number
  audience?: string
  issuer?: string
  claims?: JWTPayload
  subject?: string
}

export interface Issuer {
  jwksUrl: string
  /** A token as auth signs them. */
  sign(options?: TokenOptions): Promise<string>
  /** The same, signed by a key that nobody published. */
  forge(options?: TokenOptions): Promise<string>
  [Symbol.asyncDispose](): Promise<void>
}

/** A token issuer with a real key and a real JWKS address. */
export async function startIssuer(): Promise<Issuer> {
  const [own, foreign] = await Promise.all([generateKeyPair('ES256'), generateKeyPair('ES256')])
  const jwks = JSON.stringify({ keys: [{ ...(await exportJWK(own.publicKey)), kid: 'test', alg: 'ES256', use: 'sig' }] })
  const server = createServer((_request, response) => response.setHeader('content-type', 'application/json').end(jwks))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    jwksUrl: `http://127.0.0.1:${port}/jwks`,
    sign: (options) => signWith(own.privateKey, options),
    forge: (options) => signWith(foreign.privateKey, options),
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      await new Promise<void>((resolve) => server.close(() => resolve()))
    },
  }
}

function signWith(
  key: CryptoKey,
  { scope = 'wrm:read wrm:write', lifetime = 300, audience, issuer, claims, subject }: TokenOptions = {},
) {
  return new SignJWT({ org: ORGANIZATION, orgs: [ORGANIZATION], scope, kind: 'USER', role: 'CLIENT_OWNER', sid: 's1', ...claims })
    .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid: 'test' })
    .setSubject(subject ?? 'u1')
    .setIssuer(issuer ?? ISSUER)
    .setAudience(audience ?? AUDIENCE)
    .setIssuedAt()
    .setExpirationTime(Math.floor(Date.now() / 1000) + lifetime)
    .sign(key)
}
