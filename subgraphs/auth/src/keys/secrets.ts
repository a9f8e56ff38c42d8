import {
  argon2,
  createCipheriv,
  createDecipheriv,
  createHmac,
  hkdfSync,
  randomBytes,
  timingSafeEqual,
  type Argon2Parameters,
} from 'node:crypto'
import { promisify } from 'node:util'

type TokenPurpose = 'refresh token' | 'client secret' | 'browser' | 'oidc id' | 'oidc form' | 'address'
type SealPurpose = 'signing key' | 'outgoing code'
type Purpose = TokenPurpose | SealPurpose | 'one-time code' | 'oidc cookie'

const slowHash = promisify<'argon2id', Argon2Parameters, Buffer>(argon2)
/** 19 MiB, 2 passes, 1 lane: OWASP's Password Storage Cheat Sheet. Some 20 ms, off the main thread. */
const SLOW_HASH = { memory: 19_456, passes: 2, parallelism: 1, tagLength: 32 }

/** Keyed hashes and encryption, with one key per purpose derived from AUTH_SECRET (HKDF, RFC 5869). */
export class Secrets {
  readonly #secret: string

  constructor(secret: string) {
    this.#secret = secret
  }

  /**
   * The stored form of a one-time code: Argon2id (RFC 9106) with a secret that only this service has and the challenge's random id as
   * salt. Six digits are few: a leaked table alone is not enough to try them, and with the secret each try costs its 20 ms.
   */
  codeHash(challengeId: string, code: string): Promise<Buffer> {
    const nonce = Buffer.from(challengeId.replaceAll('-', ''), 'hex')
    return slowHash('argon2id', { ...SLOW_HASH, message: code, nonce, secret: this.#key('one-time code') })
  }

  /** The stored form of a value of 256 random bits, which needs no slow hash. */
  tokenHash(purpose: TokenPurpose, token: string): Buffer {
    return this.#hmac(purpose, token)
  }

  matches(purpose: TokenPurpose, token: string, hash: Buffer): boolean {
    const actual = this.tokenHash(purpose, token)
    return actual.length === hash.length && timingSafeEqual(actual, hash)
  }

  /** Signs the cookies of the OpenID provider. */
  get cookieKey(): string {
    return this.#key('oidc cookie').toString('base64url')
  }

  /** AES-256-GCM: nonce (12), tag (16), ciphertext. The label is authenticated with it. */
  encrypt(label: string, text: string, purpose: SealPurpose = 'signing key'): Buffer {
    const nonce = randomBytes(12)
    const cipher = createCipheriv('aes-256-gcm', this.#key(purpose), nonce).setAAD(Buffer.from(label))
    const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
    return Buffer.concat([nonce, cipher.getAuthTag(), body])
  }

  /** @throws when AUTH_SECRET is not the one that encrypted it, or the bytes were changed */
  decrypt(label: string, sealed: Buffer, purpose: SealPurpose = 'signing key'): string {
    const decipher = createDecipheriv('aes-256-gcm', this.#key(purpose), sealed.subarray(0, 12))
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
