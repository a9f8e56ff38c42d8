import { base64url, CompactEncrypt, SignJWT, type JWTHeaderParameters } from 'jose'
import { createPublicKey } from 'node:crypto'
import { goodClaims, sign, signingPair, type TokenIssuer } from './token-issuer.ts'

/** Makes one bad token. `trap` is an address that nobody may ask: keys of the attacker's lie there. */
export type BadToken = (issuer: TokenIssuer, trap: string) => Promise<string>

const encode = (value: unknown) => base64url.encode(JSON.stringify(value))
const now = () => Math.floor(Date.now() / 1000)

const withClaims =
  (claims: Record<string, unknown>): BadToken =>
  ({ own }) =>
    sign(own, { ...goodClaims(), ...claims })

/** Signed by our own key: only the header can be the reason. */
const withHeader =
  (header: Partial<JWTHeaderParameters>): BadToken =>
  ({ own }) =>
    sign(own, goodClaims(), header)

const unsigned =
  (alg: string, signature = ''): BadToken =>
  async ({ own }) =>
    `${encode({ alg, typ: 'at+jwt', kid: own.kid })}.${encode(goodClaims())}.${signature}`

/** The attacker's own key signs, and the header says where to find it. */
const bringingItsKey =
  (header: (trap: string, attacker: Awaited<ReturnType<typeof signingPair>>) => object): BadToken =>
  async ({ own }, trap) => {
    const attacker = await signingPair(own.kid)
    return sign(attacker, goodClaims(), header(trap, attacker))
  }

/** The public key taken for a shared secret (RFC 8725, 2.1). */
const signedWithThePublicKey =
  (secretOf: (issuer: TokenIssuer) => string | Uint8Array): BadToken =>
  async (issuer) => {
    const secret = secretOf(issuer)
    return new SignJWT(goodClaims())
      .setProtectedHeader({ alg: 'HS256', typ: 'at+jwt', kid: issuer.own.kid })
      .sign(typeof secret === 'string' ? Buffer.from(secret) : secret)
  }

const pemOf = ({ own }: TokenIssuer) =>
  createPublicKey({ key: own.publicJwk as never, format: 'jwk' })
    .export({ type: 'spki', format: 'pem' })
    .toString()

/** Every way to be wrong that RFC 8725 and the tests of JWT libraries know of; a sentence about a token goes on with each name. */
export const BAD_TOKENS: [name: string, make: BadToken][] = [
  ['has no algorithm', unsigned('none')],
  ['has no algorithm, spelt otherwise', unsigned('nOnE')],
  ['has no algorithm, but something like a signature', unsigned('none', 'AAAA')],
  ['has no signature', async ({ own }) => (await sign(own)).replace(/[^.]+$/, '')],
  ['has no third part', async ({ own }) => (await sign(own)).split('.').slice(0, 2).join('.')],
  ['has half a signature', async ({ own }) => (await sign(own)).slice(0, -43)],
  ['has another’s payload', async ({ own }) => swapPayload(await sign(own), await sign(own))],
  ['is signed with the public key’s PEM as a secret', signedWithThePublicKey(pemOf)],
  ['is signed with the public JWK as a secret', signedWithThePublicKey(({ own }) => JSON.stringify(own.publicJwk))],
  ['is signed with the public point as a secret', signedWithThePublicKey(({ own }) => base64url.decode(own.publicJwk.x!))],
  ['is signed with another key under our kid', async ({ own }) => sign(await signingPair(own.kid))],
  ['is signed with another key under its own kid', async () => sign(await signingPair('foreign'))],
  ['names an unknown kid', withHeader({ kid: 'unknown' })],
  ['names no kid', withHeader({ kid: undefined })],
  ['names a kid that is no text', withHeader({ kid: 1 as never })],
  ['names a kid that is a path', withHeader({ kid: '../../own' })],
  ['brings the address of its key (jku)', bringingItsKey((trap) => ({ jku: `${trap}/jwks` }))],
  ['brings the address of its certificate (x5u)', bringingItsKey((trap) => ({ x5u: `${trap}/cert` }))],
  ['brings its key', bringingItsKey((_trap, { publicJwk }) => ({ jwk: publicJwk }))],
  ['brings its certificate', bringingItsKey(() => ({ x5c: ['AAAA'] }))],
  ['is ours but brings the address of a key', async (issuer, trap) => sign(issuer.own, goodClaims(), { jku: `${trap}/jwks` })],
  ['is ours but brings a key', async ({ own }) => sign(own, goodClaims(), { jwk: own.publicJwk })],
  ['demands what nobody knows (crit)', withHeader({ crit: ['urn:x'], 'urn:x': true })],
  ['demands what is known (crit)', withHeader({ crit: ['exp'], exp: 1 })],
  ['is of another type', withHeader({ typ: 'JWT' })],
  ['is of no type', withHeader({ typ: undefined })],
  ['is an ID token', withHeader({ typ: 'id+jwt' })],
  ['is for another audience', withClaims({ aud: 'urn:other:api' })],
  ['is for no audience', withClaims({ aud: undefined })],
  ['is of another issuer', withClaims({ iss: 'http://evil.test' })],
  ['is of no issuer', withClaims({ iss: undefined })],
  ['has expired', async ({ own }) => sign(own, { ...goodClaims(), exp: now() - 1 })],
  ['never ends', withClaims({ exp: undefined })],
  ['ends at a text', withClaims({ exp: '2999-01-01' })],
  ['is not valid yet (nbf)', async ({ own }) => sign(own, { ...goodClaims(), nbf: now() + 60 })],
  ['was issued in the future', async ({ own }) => sign(own, { ...goodClaims(), iat: now() + 60 })],
  ['was issued at no time', withClaims({ iat: undefined })],
  ['is nobody’s', withClaims({ sub: undefined })],
  ['is of no organisation', withClaims({ org: undefined })],
  ['lists organisations that are none', withClaims({ orgs: { length: 1 } })],
  ['lists half an organisation', withClaims({ orgs: 'AAAA' })],
  ['is of a kind that there is not', withClaims({ kind: 'ROBOT' })],
  ['has scopes that are no text', withClaims({ scope: ['wrm:read'] })],
  ['is larger than any of ours', withClaims({ padding: 'x'.repeat(9_500) })],
  ['has a payload that is no JSON', async ({ own }) => swapPayload(await sign(own), `.${base64url.encode('{')}.`)],
  ['is encrypted', encrypted],
  ['is no token', async () => 'abc'],
  ['is three dots’ worth of nothing', async () => 'a.b.c'],
]

const swapPayload = (token: string, other: string) => {
  const [header, , signature] = token.split('.')
  return `${header}.${other.split('.')[1]}.${signature}`
}

async function encrypted(issuer: TokenIssuer): Promise<string> {
  const secret = Buffer.alloc(32)
  return new CompactEncrypt(Buffer.from(await sign(issuer.own)))
    .setProtectedHeader({ alg: 'dir', enc: 'A256GCM', kid: issuer.own.kid })
    .encrypt(secret)
}
