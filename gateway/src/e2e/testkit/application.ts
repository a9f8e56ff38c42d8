import { createHash, randomBytes } from 'node:crypto'
import { codeFor, Session, signIn, system } from './session.ts'

const CREATE = `mutation ($input: CreateServiceClientInput!) { createServiceClient(input: $input) { serviceClient { id clientId } } }`
/** Any port will do (RFC 8252, 7.3); nobody listens there. */
const CALLBACK = 'http://127.0.0.1:53682/callback'

export interface Tokens {
  access_token: string
  refresh_token: string
  expires_in: number
  scope: string
}

/** A partner's application that people sign in to, through the public endpoint like any other. */
export class Application {
  readonly #verifier = randomBytes(32).toString('base64url')

  private constructor(readonly clientId: string) {}

  /** Made known by an owner of the demo's client. */
  static async register(name: string): Promise<Application> {
    const owner = await signIn('owner@harbour.example')
    const input = { name, kind: 'PUBLIC', scopes: ['wrm:read', 'kpi:read'], redirectUris: ['http://127.0.0.1/callback'] }
    const { createServiceClient } = await owner.expect(CREATE, { input })
    return new Application(createServiceClient.serviceClient.clientId)
  }

  /** The authorization request's path. */
  request(changes: Record<string, string> = {}): string {
    const parameters = {
      client_id: this.clientId,
      redirect_uri: CALLBACK,
      response_type: 'code',
      scope: 'openid wrm:read',
      state: 'state',
      code_challenge: createHash('sha256').update(this.#verifier).digest('base64url'),
      code_challenge_method: 'S256',
      ...changes,
    }
    return `/oidc/auth?${new URLSearchParams(parameters)}`
  }

  /** A person signs in by a code from the inbox and allows it, in a browser of its own. */
  async signIn(address: string): Promise<Tokens> {
    const browser = new Session(system.url)
    const page = await follow(browser, this.request())
    const asked = Date.now()
    const second = await send(browser, page, { step: 'address', address })
    const third = await send(browser, second, { step: 'code', code: await codeFor(address, asked) })
    const { url } = await send(browser, third, { step: 'allow' })
    return this.token({
      grant_type: 'authorization_code',
      code: url.searchParams.get('code') ?? '',
      redirect_uri: CALLBACK,
      code_verifier: this.#verifier,
    })
  }

  async token(form: Record<string, string>): Promise<Tokens> {
    const response = await this.post('/oidc/token', form)
    if (!response.ok) throw new Error(`${response.status} ${await response.text()}`)
    return (await response.json()) as Tokens
  }

  post(path: string, form: Record<string, string>): Promise<Response> {
    return fetch(`${system.url}${path}`, { method: 'POST', body: new URLSearchParams({ client_id: this.clientId, ...form }) })
  }
}

interface Page {
  url: URL
  html: string
}

/** Follows redirects within the site; one that leads out is where it ends. */
async function follow(browser: Session, path: string | URL, init: Parameters<Session['fetch']>[1] = {}): Promise<Page> {
  const url = new URL(path, system.url)
  if (url.origin !== system.url) return { url, html: '' }
  const response = await browser.fetch(url.href, { ...init, headers: { accept: 'text/html' } })
  const location = response.headers.get('location')
  if (location !== null) return follow(browser, new URL(location, url))
  return { url, html: await response.text() }
}

/** Sends the page's form with its hidden fields. */
function send(browser: Session, { url, html }: Page, typed: Record<string, string>): Promise<Page> {
  const hidden = [...html.matchAll(/<input type="hidden" name="(\w+)" value="([^"]*)"/g)].map(([, name, value]) => [
    name!,
    value!,
  ])
  return follow(browser, url, { method: 'POST', body: new URLSearchParams({ ...Object.fromEntries(hidden), ...typed }) })
}
