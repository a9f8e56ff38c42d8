import { Agent, type Dispatcher } from 'undici'
import { signRequest } from './service-credential.ts'
import type { ServiceIdentity } from './service-identity.ts'

type CallOptions = Partial<Pick<Dispatcher.RequestOptions, 'headersTimeout' | 'bodyTimeout' | 'signal'>> & {
  method?: Dispatcher.HttpMethod
  headers?: Record<string, string>
  body?: string
}

const agents = new WeakMap<ServiceIdentity, Agent>()

/**
 * Calls another service as this one: signed, and over mutual TLS where that is set up. Connections are kept.
 * @param audience the called service's name
 * @throws what undici throws
 */
export function callService(
  identity: ServiceIdentity,
  audience: string,
  url: string | URL,
  { method = 'GET', headers = {}, body, ...timeouts }: CallOptions = {},
): Promise<Dispatcher.ResponseData> {
  const { origin, pathname, search } = new URL(url)
  const path = pathname + search
  const signature = identity.key
    ? signRequest(identity.key, { method, path, headers, ...(body !== undefined && { body }) }, { audience })
    : {}
  let agent = agents.get(identity)
  if (agent === undefined) agents.set(identity, (agent = new Agent({ connect: { timeout: 2_000, ...identity.tls } })))
  return agent.request({ origin, path, method, headers: { ...headers, ...signature }, body: body ?? null, ...timeouts })
}

/** `fetch` for jose's JWKS, as this service. */
export const fetchAs = (identity: ServiceIdentity, audience: string) => async (url: string, init: { signal?: AbortSignal }) => {
  const answer = await callService(identity, audience, url, {
    ...(init.signal && { signal: init.signal }),
    headers: { accept: 'application/json' },
  })
  return new Response(await answer.body.text(), { status: answer.statusCode })
}
