import { createTokenVerifier } from '@signalbox/shared/viewer'
import { exportJWK, generateKeyPair, SignJWT, type CryptoKey } from 'jose'
import { randomUUID } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

const ISSUER = 'https://issuer.example/oidc'
const AUDIENCE = 'urn:signalbox:api'
const KEY_ID = 'bench'
const WARM_UP = 200

export interface VerificationCost {
  /** Milliseconds of each, in ascending order. */
  first: number[]
  repeated: number[]
}

/**
 * What the verification that gateway and subgraphs share costs, with tokens as ours are: ES256, a key set over HTTP, read once.
 * @param count of different tokens; one of them is then verified a hundred times as often
 */
export async function measureVerification(count: number): Promise<VerificationCost> {
  const { publicKey, privateKey } = await generateKeyPair('ES256')
  const jwks = JSON.stringify({ keys: [{ ...(await exportJWK(publicKey)), kid: KEY_ID, alg: 'ES256', use: 'sig' }] })
  const server = createServer((_request, response) => response.setHeader('content-type', 'application/json').end(jwks))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  try {
    const { port } = server.address() as AddressInfo
    const verify = createTokenVerifier({ jwksUrl: `http://127.0.0.1:${port}/jwks`, issuer: ISSUER, audience: AUDIENCE })
    const tokens = await Promise.all(Array.from({ length: count + WARM_UP }, () => sign(privateKey)))
    await times(verify, tokens.slice(0, WARM_UP))
    const first = await times(verify, tokens.slice(WARM_UP))
    const repeated = await times(verify, Array<string>(count * 100).fill(tokens.at(-1)!))
    return { first, repeated }
  } finally {
    server.close()
  }
}

async function times(verify: (authorization: string) => Promise<unknown>, tokens: string[]): Promise<number[]> {
  const took: number[] = []
  for (const token of tokens) {
    const startedAt = performance.now()
    await verify(`Bearer ${token}`)
    took.push(performance.now() - startedAt)
  }
  return took.sort((one, other) => one - other)
}

function sign(key: CryptoKey): Promise<string> {
  const [actor, organization] = [randomUUID(), randomUUID()]
  const claims = {
    org: organization,
    orgs: [organization],
    scope: 'wrm:read kpi:read',
    kind: 'USER',
    role: 'CLIENT_VIEWER',
    sid: randomUUID(),
  }
  return new SignJWT({ ...claims, iat: Date.now() / 1000 })
    .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid: KEY_ID })
    .setSubject(actor)
    .setIssuer(ISSUER)
    .setAudience(AUDIENCE)
    .setExpirationTime('5m')
    .setJti(randomUUID())
    .sign(key)
}
