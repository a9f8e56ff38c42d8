import type { MikroORM } from '@mikro-orm/postgresql'
import { calculateJwkThumbprint, exportJWK, generateKeyPair, importJWK, type JWK } from 'jose'
import type { webcrypto } from 'node:crypto'
import type { Secrets } from './secrets.ts'

/** NEXT: published, does not sign yet. ACTIVE: signs. RETIRING: published for what it signed. RETIRED: gone. */
export type KeyState = 'NEXT' | 'ACTIVE' | 'RETIRING' | 'RETIRED'

export interface SigningKey {
  kid: string
  state: KeyState
  privateJwk: JWK
  privateKey: webcrypto.CryptoKey
}

interface StoredKey {
  kid: string
  private_key: Buffer
  state: KeyState
}

export interface Rotation {
  kid: string
  /** When the new key begins to sign. */
  signsFrom: Date
}

/** Milliseconds that a process goes by what it has read; every process knows a new key after as long. */
const FRESH_MS = 1_000

/** Seconds that a new key is published before it signs: as long as JWKS are commonly cached (10 minutes, jose's default). */
export const LEAD_SECONDS = 600

/** Nothing signed lives longer than 5 minutes (access and ID tokens; refresh tokens are not signed); a minute for clocks that differ. */
export const DRAIN_SECONDS = 360

/** AUTH_SECRET was changed or lost: the stored signing keys cannot be read, and are never replaced silently. */
export class SigningKeyUnreadableError extends Error {
  override name = 'SigningKeyUnreadableError'
  constructor(kid: string, cause: unknown) {
    super(`the signing key ${kid} cannot be decrypted: AUTH_SECRET is not the one that it was stored with`, { cause })
  }
}

/**
 * The ES256 keys that sign sessions' and the OpenID provider's tokens, kept encrypted in the database; the first is made at the first use.
 * All processes read them again each second, so a rotation needs no restart.
 */
export class SigningKeys {
  readonly #opened = new Map<string, Omit<SigningKey, 'state'>>()
  #known: { keys: SigningKey[]; at: number } | undefined
  #reading: Promise<SigningKey[]> | undefined

  constructor(
    private readonly orm: MikroORM,
    private readonly secrets: Secrets,
  ) {}

  /** The key that signs now. @throws when the database was never reached */
  async active(): Promise<SigningKey> {
    return (await this.published())[0]!
  }

  /** Every key that verifiers may meet, the one that signs first. While the database is away: as it was last. */
  published(): Promise<SigningKey[]> {
    const known = this.#known
    if (known && Date.now() - known.at < FRESH_MS) return Promise.resolve(known.keys)
    this.#reading ??= this.#read()
      .catch((error: unknown) => {
        if (error instanceof SigningKeyUnreadableError || this.#known === undefined) throw error
        return this.#known.keys
      })
      .finally(() => (this.#reading = undefined))
    return this.#reading
  }

  /**
   * Publishes a new key, which takes over after the lead; the one that signs now stays published for `drainSeconds` after that.
   * @param minAgeDays does nothing while the key that signs is younger
   * @returns null when it did nothing: too young, or the last rotation is still under way
   */
  async rotate({ leadSeconds = LEAD_SECONDS, drainSeconds = DRAIN_SECONDS, minAgeDays = 0 } = {}): Promise<Rotation | null> {
    const { kid, values } = await this.#generate()
    const [row] = await this.#execute<{ signs_from: string | null }>(
      `select auth.add_signing_key(?, ?::jsonb, ?, make_interval(secs => ?), make_interval(secs => ?), make_interval(days => ?)) as signs_from`,
      [...values, leadSeconds, drainSeconds, minAgeDays],
    )
    this.#known = undefined
    return row!.signs_from === null ? null : { kid, signsFrom: new Date(row!.signs_from) }
  }

  /** For a key that has leaked: all that there are retire now, and whatever they signed is refused. */
  async replace(): Promise<Rotation> {
    const { kid, values } = await this.#generate()
    const [row] = await this.#execute<{ signs_from: string }>(
      'select auth.replace_signing_keys(?, ?::jsonb, ?) as signs_from',
      values,
    )
    this.#known = undefined
    return { kid, signsFrom: new Date(row!.signs_from) }
  }

  async #read(): Promise<SigningKey[]> {
    const at = Date.now()
    let stored = await this.#stored()
    if (stored.length === 0) {
      // Two processes that start at once make one key.
      await this.rotate({ minAgeDays: 1 })
      stored = await this.#stored()
    }
    const keys = await Promise.all(stored.map(async (key) => ({ ...(await this.#open(key)), state: key.state })))
    this.#known = { keys, at }
    return keys
  }

  #stored() {
    return this.#execute<StoredKey>('select kid, private_key, state from auth.published_keys()')
  }

  async #generate() {
    const { privateKey } = await generateKeyPair('ES256', { extractable: true })
    const jwk = await exportJWK(privateKey)
    const kid = await calculateJwkThumbprint(jwk)
    const { d: _, ...publicJwk } = { ...jwk, kid, alg: 'ES256', use: 'sig' }
    return { kid, values: [kid, JSON.stringify(publicJwk), this.secrets.encrypt(kid, JSON.stringify(jwk))] as const }
  }

  async #open({ kid, private_key }: StoredKey): Promise<Omit<SigningKey, 'state'>> {
    const opened = this.#opened.get(kid)
    if (opened) return opened
    let text: string
    try {
      text = this.secrets.decrypt(kid, private_key)
    } catch (error) {
      throw new SigningKeyUnreadableError(kid, error)
    }
    const privateJwk: JWK = { ...(JSON.parse(text) as JWK), kid, alg: 'ES256', use: 'sig' }
    const key = { kid, privateJwk, privateKey: (await importJWK(privateJwk, 'ES256')) as webcrypto.CryptoKey }
    this.#opened.set(kid, key)
    return key
  }

  #execute<R>(sql: string, values: readonly unknown[] = []): Promise<R[]> {
    return this.orm.em.fork().execute<R[]>(sql, [...values])
  }
}
