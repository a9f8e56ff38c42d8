import { exportJWK, generateKeyPair, SignJWT, type CryptoKey, type JWK, type JWTHeaderParameters, type JWTPayload } from 'jose'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'

export const ISSUER = 'http://signalbox.test/oidc'
export const AUDIENCE = 'urn:signalbox:api'

export interface SigningPair {
  kid: string
  privateKey: CryptoKey
  publicJwk: JWK
}

export async function signingPair(kid: string = randomUUID()): Promise<SigningPair> {
  const { privateKey, publicKey } = await generateKeyPair('ES256')
  return { kid, privateKey, publicJwk: { ...(await exportJWK(publicKey)), kid, alg: 'ES256', use: 'sig' } }
}

/** Claims as auth writes them. */
export const goodClaims = (): JWTPayload => ({
  iss: ISSUER,
  aud: AUDIENCE,
  sub: '0190a000-0000-7000-8000-0000000000aa',
  jti: randomUUID(),
  sid: randomUUID(),
  org: '0190a000-0000-7000-8000-000000000002',
  orgs: [],
  scope: 'wrm:read',
  kind: 'USER',
  iat: Date.now() / 1000,
  exp: Math.floor(Date.now() / 1000) + 300,
})

export const sign = (
  { privateKey, kid }: Pick<SigningPair, 'privateKey' | 'kid'>,
  claims: JWTPayload = goodClaims(),
  header: Partial<JWTHeaderParameters> = {},
): Promise<string> => {
  const whole = { alg: 'ES256', typ: 'at+jwt', kid, ...header }
  return new SignJWT(claims).setProtectedHeader(whole).sign(privateKey, { crit: { b64: true, exp: true, 'urn:x': true } })
}

/** A token issuer with real keys and a real JWKS address, which counts what is asked of it. */
export class TokenIssuer implements AsyncDisposable {
  readonly requests: string[] = []
  readonly #server: Server

  private constructor(
    readonly own: SigningPair,
    private keys: JWK[],
  ) {
    this.#server = createServer((request, response) => {
      this.requests.push(request.url!)
      response.setHeader('content-type', 'application/json').end(JSON.stringify({ keys: this.keys }))
    })
  }

  static async start(): Promise<TokenIssuer> {
    const own = await signingPair('own')
    const issuer = new TokenIssuer(own, [own.publicJwk])
    await once(issuer.#server.listen(0, '127.0.0.1'), 'listening')
    return issuer
  }

  get origin() {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  get jwksUrl() {
    return `${this.origin}/jwks`
  }

  /** From now on these are its keys. */
  publish(...pairs: SigningPair[]) {
    this.keys = pairs.map(({ publicJwk }) => publicJwk)
  }

  async [Symbol.asyncDispose]() {
    this.#server.closeAllConnections()
    await new Promise<void>((resolve) => this.#server.close(() => resolve()))
  }
}
