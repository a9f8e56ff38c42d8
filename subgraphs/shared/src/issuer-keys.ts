import { createRemoteJWKSet, customFetch, errors, type JWTVerifyGetKey } from 'jose'
import { fetchAs } from './service-call.ts'
import type { ServiceIdentity } from './service-identity.ts'

/** Milliseconds: after the first the keys are asked for again beside the requests; after the second nothing is believed without them. */
const REFRESH_AFTER = 30_000
const LONGEST_USE = 600_000
/** Milliseconds between two looks for a key that is not known, whatever callers send. */
const COOLDOWN = 1_000

export interface IssuerKeysOptions {
  jwksUrl: string
  /** As whom the keys are asked for; absent: as anybody. */
  identity?: ServiceIdentity | undefined
  /** Told the ids of all keys each time that they were read. */
  onRead(keyIds: ReadonlySet<string>): void
}

/** The public keys of the issuer (its JWKS), read again now and then, so that a retired key is not believed for long. */
export class IssuerKeys {
  /** Finds the key of a token for jose. */
  readonly find: JWTVerifyGetKey
  readonly #remote: ReturnType<typeof createRemoteJWKSet>
  #askedAt = 0

  constructor({ jwksUrl, identity, onRead }: IssuerKeysOptions) {
    const ask = identity === undefined ? fetch : fetchAs(identity, 'auth')
    this.#remote = createRemoteJWKSet(new URL(jwksUrl), {
      cooldownDuration: COOLDOWN,
      cacheMaxAge: LONGEST_USE,
      timeoutDuration: 3_000,
      [customFetch]: async (url: string, init: RequestInit) => {
        this.#askedAt = Date.now()
        const response = await ask(url, init as never)
        if (response.status !== 200) return response
        const text = await response.text()
        const keyIds = keyIdsIn(text)
        if (keyIds) onRead(keyIds)
        return new Response(text)
      },
    })
    this.find = this.#remote
  }

  /** Whether the keys that are known may still be relied on. Asks for them again in good time, without waiting. */
  areFresh(): boolean {
    if (Date.now() - this.#askedAt > REFRESH_AFTER) this.#remote.reload().catch(() => {})
    return this.#remote.fresh
  }

  /** Whether a verification failed because the keys cannot be read, through no fault of the token. */
  static isUnreachable(error: unknown): boolean {
    // jose reports an answer other than 200 from the JWKS address as a plain JOSEError.
    return !(error instanceof errors.JOSEError) || error instanceof errors.JWKSTimeout || error.code === 'ERR_JOSE_GENERIC'
  }
}

function keyIdsIn(jwks: string): Set<string> | undefined {
  try {
    const { keys } = JSON.parse(jwks) as { keys: { kid?: string }[] }
    return new Set(keys.flatMap(({ kid }) => kid ?? []))
  } catch {
    return undefined
  }
}
