import type { MikroORM } from '@mikro-orm/postgresql'
import { calculateJwkThumbprint, exportJWK, generateKeyPair, importJWK, type JWK } from 'jose'
import type { webcrypto } from 'node:crypto'
import type { Secrets } from './secrets.ts'

export interface SigningKey {
  kid: string
  privateJwk: JWK
  privateKey: webcrypto.CryptoKey
}

interface StoredKey {
  kid: string
  private_key: Buffer
}

/** AUTH_SECRET was changed or lost: the stored signing keys cannot be read, and are never replaced silently. */
export class SigningKeyUnreadableError extends Error {
  override name = 'SigningKeyUnreadableError'
  constructor(kid: string, cause: unknown) {
    super(`the signing key ${kid} cannot be decrypted: AUTH_SECRET is not the one that it was stored with`, { cause })
  }
}

/** The ES256 key that signs sessions' and the OpenID provider's access tokens; made at the first use, kept encrypted in the database. */
export class SigningKeys {
  #active: Promise<SigningKey> | undefined

  constructor(
    private readonly orm: MikroORM,
    private readonly secrets: Secrets,
  ) {}

  /** The key that signs now. @throws when the database cannot be reached, until it can */
  active(): Promise<SigningKey> {
    this.#active ??= this.#load().catch((error: unknown) => {
      this.#active = undefined
      throw error
    })
    return this.#active
  }

  async #load(): Promise<SigningKey> {
    const stored = (await this.#stored()) ?? (await this.#create())
    return this.#open(stored)
  }

  async #stored(): Promise<StoredKey | undefined> {
    const rows = await this.orm.em
      .fork()
      .execute<StoredKey[]>(`select kid, private_key from auth.signing_keys where status = 'ACTIVE'`)
    return rows[0]
  }

  /** Two processes that start at once make one key: the second insert meets the unique index and the first key is read. */
  async #create(): Promise<StoredKey> {
    const { privateKey } = await generateKeyPair('ES256', { extractable: true })
    const jwk = await exportJWK(privateKey)
    const kid = await calculateJwkThumbprint(jwk)
    const { d: _, ...publicJwk } = { ...jwk, kid, alg: 'ES256', use: 'sig' }
    await this.orm.em
      .fork()
      .execute(
        `insert into auth.signing_keys (kid, public_jwk, private_key, status) values (?, ?::jsonb, ?, 'ACTIVE') on conflict do nothing`,
        [kid, JSON.stringify(publicJwk), this.secrets.encrypt(kid, JSON.stringify(jwk))],
      )
    return (await this.#stored())!
  }

  async #open({ kid, private_key }: StoredKey): Promise<SigningKey> {
    let text: string
    try {
      text = this.secrets.decrypt(kid, private_key)
    } catch (error) {
      throw new SigningKeyUnreadableError(kid, error)
    }
    const privateJwk: JWK = { ...(JSON.parse(text) as JWK), kid, alg: 'ES256', use: 'sig' }
    return { kid, privateJwk, privateKey: (await importJWK(privateJwk, 'ES256')) as webcrypto.CryptoKey }
  }
}
