import { createHash, randomBytes } from 'node:crypto'
import type { AuthFixture, Json } from './auth-fixture.ts'
import { Browser } from './browser.ts'

const CREATE = `mutation ($input: CreateServiceClientInput!) {
  createServiceClient(input: $input) { serviceClient { id clientId } }
}`

export const CALLBACK = 'https://app.example.com/callback'

/** An application of somebody else's that people sign in to: a public client. */
export class Application {
  readonly verifier = randomBytes(32).toString('base64url')

  constructor(
    readonly auth: AuthFixture,
    readonly id: string,
    readonly clientId: string,
    readonly redirectUri: string,
  ) {}

  static async register(auth: AuthFixture, maker: string, input: object = {}): Promise<Application> {
    const defaults = { name: 'Atlas', kind: 'PUBLIC', scopes: ['wrm:read', 'wrm:write', 'kpi:read'], redirectUris: [CALLBACK] }
    const merged = { ...defaults, ...input }
    const { data, errors } = await auth.graphql(CREATE, { input: merged }, await auth.tokenOf(maker))
    if (errors[0]) throw new Error(JSON.stringify(errors))
    const { id, clientId } = data.createServiceClient.serviceClient
    return new Application(auth, id, clientId, merged.redirectUris[0]!)
  }

  get browser(): Browser {
    return new Browser(new URL(this.auth.env.ISSUER), this.auth.address)
  }

  /** The authorization request's address. Null leaves a parameter out. */
  request(changes: Record<string, string | null> = {}): string {
    const parameters = {
      client_id: this.clientId,
      redirect_uri: this.redirectUri,
      response_type: 'code',
      scope: 'openid wrm:read kpi:read',
      state: 'the state',
      code_challenge: createHash('sha256').update(this.verifier).digest('base64url'),
      code_challenge_method: 'S256',
      ...changes,
    }
    const given = Object.entries(parameters).filter((entry): entry is [string, string] => entry[1] !== null)
    return `/oidc/auth?${new URLSearchParams(given)}`
  }

  /** A person signs in and allows it. @returns where the browser was sent back to */
  async authorize(person: string, changes: Record<string, string | null> = {}, browser = this.browser): Promise<URL> {
    await this.signIn(person, changes, browser)
    return browser.press('allow')
  }

  /** A person signs in; the consent page is next. */
  async signIn(person: string, changes: Record<string, string | null> = {}, browser = this.browser): Promise<Browser> {
    await browser.open(this.request(changes))
    await browser.press('address', { address: person })
    await browser.press('code', { code: await this.auth.inbox.takeCode(person) })
    return browser
  }

  /** The code flow from beginning to end. */
  async tokensOf(person: string, changes: Record<string, string | null> = {}): Promise<Json> {
    const back = await this.authorize(person, changes)
    const { status, body } = await this.exchange(back.searchParams.get('code')!)
    if (status !== 200) throw new Error(`no tokens: ${JSON.stringify(body)}`)
    return body
  }

  exchange(code: string, changes: Record<string, string> = {}, headers: Record<string, string> = {}) {
    const form = {
      grant_type: 'authorization_code',
      client_id: this.clientId,
      redirect_uri: this.redirectUri,
      code_verifier: this.verifier,
      code,
      ...changes,
    }
    return this.auth.post(form, headers)
  }

  refresh(refreshToken: string, changes: Record<string, string> = {}) {
    return this.auth.post({ grant_type: 'refresh_token', client_id: this.clientId, refresh_token: refreshToken, ...changes })
  }
}
