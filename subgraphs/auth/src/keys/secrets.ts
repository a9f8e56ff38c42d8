import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes, scrypt, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'

type Purpose = 'one-time code' | 'refresh token' | 'client secret' | 'signing key' | 'oidc cookie'

const slowHash = promisify<Buffer, string, number, { N: number; r: number; p: number }, Buffer>(scrypt)

/** Keyed hashes and encryption, with one key per purpose derived from AUTH_SECRET (HKDF, RFC 5869). */
export class Secrets {
  readonly #secret: string

  constructor(secret: string) {
    this.#secret = secret
  }

  /**
   * The stored form of a one-time code: scrypt over an HMAC that only this service can compute. Six digits are few, so a leaked table
   * alone must not be enough to try them all.
   */
  async codeHash(challengeId: string, code: string): Promise<Buffer> {
    const keyed = this.#hmac('one-time code', `${challengeId}:${code}`)
    return slowHash(keyed, challengeId, 32, { N: 2 ** 14, r: 8, p: 1 })
  }

  /** The stored form of a value of 256 random bits, which needs no slow hash. */
  tokenHash(purpose: 'refresh token' | 'client secret', token: string): Buffer {
    return this.#hmac(purpose, token)
  }

  matches(purpose: 'refresh token' | 'client secret', token: string, hash: Buffer): boolean {
    const actual = this.tokenHash(purpose, token)
    return actual.length === hash.length && timingSafeEqual(actual, hash)
  }

  /** Signs the cookies of the OpenID provider. */
  get cookieKey(): string {
    return this.#key('oidc cookie').toString('base64url')
  }

  /** AES-256-GCM: nonce (12), tag (16), ciphertext. The label is authenticated with it. */
  encrypt(label: string, text: string): Buffer {
    const nonce = randomBytes(12)
    const cipher = createCipheriv('aes-256-gcm', this.#key('signing key'), nonce).setAAD(Buffer.from(label))
    const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
    return Buffer.concat([nonce, cipher.getAuthTag(), body])
  }

  /** @throws when AUTH_SECRET is not the one that encrypted it, or the bytes were changed */
  decrypt(label: string, sealed: Buffer): string {
    const decipher = createDecipheriv('aes-256-gcm', this.#key('signing key'), sealed.subarray(0, 12))
    decipher.setAAD(Buffer.from(label)).setAuthTag(sealed.subarray(12, 28))
    return Buffer.concat([decipher.update(sealed.subarray(28)), decipher.final()]).toString('utf8')
  }

  #hmac(purpose: Purpose, value: string): Buffer {
    return createHmac('sha256', this.#key(purpose)).update(value).digest()
  }

  #key(purpose: Purpose): Buffer {
    return Buffer.from(hkdfSync('sha256', this.#secret, 'signalbox', purpose, 32))
  }
}

/** 256 random bits for a refresh token or a client secret. */
export const randomToken = (): string => randomBytes(32).toString('base64url')
