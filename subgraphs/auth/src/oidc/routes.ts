import middie from '@fastify/middie'
import type { FastifyInstance } from 'fastify'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type Provider from 'oidc-provider'
import type { SigningKey, SigningKeys } from '../keys/signing-keys.ts'
import { errorList, TEMPORARILY_UNAVAILABLE } from './error-list.ts'
import { createProvider, type ProviderParts } from './provider.ts'

type Request = IncomingMessage & { originalUrl?: string }

const DISCOVERY = '/.well-known/openid-configuration'
/** What a request says about the host that it wants; the client's address (`x-forwarded-for`) is the gateway's word and stays. */
const FORWARDING_HEADERS = ['forwarded', 'x-forwarded-host', 'x-forwarded-proto']
/** Where a browser shows the answer. */
const PAGES = /^\/(auth|interaction)(\/|\?|$)/

/**
 * Mounts the OpenID provider at `/oidc`, and its discovery document where RFC 8414 looks for it as well. The provider is made at its
 * first request, because its keys are in the database, and anew when they change; until the database answers, requests get 503.
 */
export async function registerOidc(app: FastifyInstance, parts: ProviderParts, keys: SigningKeys): Promise<void> {
  const issuer = new URL(parts.issuer)
  const handlerFor = rememberLast((published: SigningKey[]) => createProvider(parts, published).callback())

  const serve = async (request: Request, response: ServerResponse, path: string) => {
    // Addresses in answers follow the request's host: make that the issuer's, whatever the request says.
    for (const name of FORWARDING_HEADERS) delete request.headers[name]
    Object.assign(request.headers, { host: issuer.host, 'x-forwarded-proto': issuer.protocol.slice(0, -1) })
    if (!PAGES.test(path)) request.headers.accept = 'application/json'
    request.url = path
    request.originalUrl = `${issuer.pathname.replace(/\/$/, '')}${path}`
    try {
      await handlerFor(await keys.published())(request, response)
    } catch (error) {
      parts.log.warn({ err: error }, 'the OpenID provider is not ready')
      refuse(response)
    }
  }

  await app.register(middie)
  const at = (path: string, target?: string) =>
    app.use(path, (request: Request, response: ServerResponse) => void serve(request, response, target ?? request.url ?? '/'))
  at('/oidc')
  at(`/.well-known/oauth-authorization-server${issuer.pathname}`, DISCOVERY)
  at(DISCOVERY, DISCOVERY)
}

type Handler = ReturnType<Provider['callback']>

/** One provider as long as the keys are the same, the one that signs first. */
function rememberLast(make: (published: SigningKey[]) => Handler): typeof make {
  let last: { kids: string; handler: Handler } | undefined
  return (published) => {
    const kids = published.map(({ kid }) => kid).join(' ')
    if (last?.kids !== kids) last = { kids, handler: make(published) }
    return last.handler
  }
}

function refuse(response: ServerResponse) {
  if (response.headersSent) return response.destroy()
  response.writeHead(503, { 'content-type': 'application/json; charset=utf-8', 'retry-after': '2', 'cache-control': 'no-store' })
  const { error, error_description: description } = TEMPORARILY_UNAVAILABLE
  return response.end(JSON.stringify({ ...TEMPORARILY_UNAVAILABLE, errors: errorList(error, description) }))
}
