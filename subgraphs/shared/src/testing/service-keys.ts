import { createPublicKey, generateKeyPairSync } from 'node:crypto'
import { parseServiceKey, signRequest, type ServiceKey } from '../service-credential.ts'

/** Service keys of a test, made for it: whom a service trusts, and the means to call it as one of them. */
export class ServiceKeys {
  readonly #jwks = new Map<string, object>()

  constructor(names: readonly string[] = ['gateway', 'auth', 'workflow', 'telemetry']) {
    for (const kid of names) this.#jwks.set(kid, { ...generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' }), kid })
  }

  /** `SERVICE_KEY` and `TRUSTED_CALLERS` of a service. */
  envOf(name: string): { SERVICE_KEY: string; TRUSTED_CALLERS: string } {
    const keys = [...this.#jwks].map(([kid, jwk]) => {
      return { ...createPublicKey({ key: jwk as never, format: 'jwk' }).export({ format: 'jwk' }), kid }
    })
    return { SERVICE_KEY: JSON.stringify(this.#jwks.get(name)), TRUSTED_CALLERS: JSON.stringify({ keys }) }
  }

  keyOf(name: string): ServiceKey {
    return parseServiceKey(JSON.stringify(this.#jwks.get(name)))
  }

  /** `fetch` of a service, signed as a caller that it trusts: the gateway, unless told. */
  fetch(audience: string, url: string, init: SignedInit = {}, caller = 'gateway'): Promise<Response> {
    const { method = 'GET', headers = {}, body } = init
    const { pathname, search } = new URL(url)
    // As it will be sent: `fetch` adds these by itself.
    const sent = { 'user-agent': 'test', ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers }
    const request = { method, path: pathname + search, headers: sent, ...(body === undefined ? {} : { body }) }
    const signature = signRequest(this.keyOf(caller), request, { audience })
    return fetch(url, { method, headers: { ...sent, ...signature }, ...(body === undefined ? {} : { body }) })
  }
}

/** Names of headers in lower case. */
interface SignedInit {
  method?: string
  headers?: Record<string, string>
  body?: string
}
