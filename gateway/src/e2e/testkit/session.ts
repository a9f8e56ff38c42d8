import { createClient, type Client } from 'graphql-ws'
import WebSocket from 'ws'

/** The addresses of the system under test; the test run starts it and sets them. */
export const system = {
  url: required('SIGNALBOX_URL'),
  inboxUrl: required('SIGNALBOX_INBOX_URL'),
  cliSecret: required('SIGNALBOX_CLIENT_SECRET'),
}

function required(name: string): string {
  const value = process.env[name]
  if (value === undefined) throw new Error(`${name} is not set: run whole-system tests through "npm test"`)
  return value
}

/** What an operation selects is known to the test that wrote it. */
// oxlint-disable-next-line typescript/no-explicit-any
type Selected = any

export interface Answer<T = Selected> {
  status: number
  data: T
  errors?: { message: string; path?: string[]; extensions: Record<string, Selected> }[]
}

/** Somebody at the public endpoint: a browser with cookies, or a server with a bearer token. */
export class Session {
  readonly cookies = new Map<string, string>()

  constructor(
    readonly url: string,
    readonly token?: string,
  ) {}

  async graphql<T = Selected>(
    query: string,
    variables: Record<string, unknown> = {},
    headers: Record<string, string> = {},
  ): Promise<Answer<T>> {
    const response = await this.fetch('/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-signalbox-csrf': '1', ...headers },
      body: JSON.stringify({ query, variables }),
    })
    return { status: response.status, ...((await response.json()) as Omit<Answer<T>, 'status'>) }
  }

  /** The data of an operation that must work. */
  async expect<T = Selected>(query: string, variables: Record<string, unknown> = {}): Promise<T> {
    const answer = await this.graphql<T>(query, variables)
    if (answer.errors !== undefined) throw new Error(`${answer.status} ${JSON.stringify(answer.errors)}`)
    return answer.data
  }

  async fetch(path: string, init: Omit<RequestInit, 'headers'> & { headers?: Record<string, string> } = {}): Promise<Response> {
    const response = await fetch(new URL(path, this.url), {
      ...init,
      redirect: 'manual',
      headers: { ...this.#credentials(), ...init.headers },
    })
    for (const cookie of response.headers.getSetCookie()) this.#keep(cookie)
    return response
  }

  /** A `graphql-transport-ws` client with this session's rights. */
  socket(options: { retry?: boolean } = {}): Client {
    const { token, url } = this
    const cookie = this.#cookieHeader()
    class WithCookies extends WebSocket {
      constructor(address: string, protocols: string) {
        super(address, protocols, { headers: { origin: new URL(url).origin, ...(token === undefined ? { cookie } : {}) } })
      }
    }
    return createClient({
      url: `${url.replace(/^http/, 'ws')}/graphql`,
      webSocketImpl: WithCookies,
      lazy: true,
      retryAttempts: options.retry === true ? 50 : 0,
      shouldRetry: () => options.retry === true,
      retryWait: () => new Promise((resolve) => setTimeout(resolve, 100)),
      ...(token === undefined ? {} : { connectionParams: { authorization: `Bearer ${token}` } }),
    })
  }

  #credentials(): Record<string, string> {
    if (this.token !== undefined) return { authorization: `Bearer ${this.token}` }
    return this.cookies.size === 0 ? {} : { cookie: this.#cookieHeader() }
  }

  #cookieHeader = () => [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ')

  #keep(cookie: string) {
    const [pair = '', ...attributes] = cookie.split(';')
    const name = pair.slice(0, pair.indexOf('='))
    const gone = attributes.some((one) => /^\s*max-age=0$/i.test(one) || /^\s*expires=Thu, 01 Jan 1970/i.test(one))
    if (gone) this.cookies.delete(name)
    else this.cookies.set(name, pair.slice(pair.indexOf('=') + 1))
  }
}

/** The token of a browser's session, without its cookies. */
export function bearerOf({ url, cookies, token }: Session): Session {
  const access = token ?? [...cookies].find(([name]) => name.endsWith('signalbox-access'))?.[1]
  if (access === undefined) throw new Error('the session has no access token')
  return new Session(url, access)
}

/** Signs a person in with the code that the mail inbox holds. */
export async function signIn(address: string, url = system.url, inboxUrl = system.inboxUrl): Promise<Session> {
  const session = new Session(url)
  const asked = Date.now()
  const { requestOtp } = await session.expect(
    'mutation ($input: RequestOtpInput!) { requestOtp(input: $input) { challengeId expiresAt } }',
    { input: { channel: 'EMAIL', address } },
  )
  // The mail of an earlier request may arrive after this one was made: its code does not fit.
  const tried = new Set<string>()
  return eventually(async () => {
    const code = await codeFor(address, asked, inboxUrl, tried)
    tried.add(code)
    await session.expect('mutation ($input: VerifyOtpInput!) { verifyOtp(input: $input) { viewer { organization { id } } } }', {
      input: { challengeId: requestOtp.challengeId, code },
    })
    return session
  })
}

/** The newest code mailed to an address since a moment, but none of some. */
export async function codeFor(
  address: string,
  since: number,
  inboxUrl = system.inboxUrl,
  except: ReadonlySet<string> = new Set(),
): Promise<string> {
  return eventually(async () => {
    const messages = (await (await fetch(`${inboxUrl}/api/messages`)).json()) as {
      to: string
      subject: string
      text: string
      at: string
    }[]
    const mine = messages.filter((mail) => mail.to.includes(address) && Date.parse(mail.at) >= since)
    const codes = mine.map((mail) => /\b\d{6}\b/.exec(`${mail.subject} ${mail.text}`)?.[0])
    const code = codes.find((found) => found !== undefined && !except.has(found))
    if (code === undefined) throw new Error(`no code for ${address} in the inbox`)
    return code
  })
}

/** A service client by client credentials, as n8n and partners do it. */
export async function asServiceClient(clientId = 'signalbox-cli', secret = system.cliSecret, url = system.url): Promise<Session> {
  const response = await fetch(`${url}/oidc/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from(`${clientId}:${secret}`).toString('base64')}` },
    body: new URLSearchParams({ grant_type: 'client_credentials' }),
  })
  const body = (await response.json()) as { access_token?: string }
  if (body.access_token === undefined) throw new Error(`no token: ${response.status} ${JSON.stringify(body)}`)
  return new Session(url, body.access_token)
}

/** Tries until it does not throw any more, for at most 20 s; the last failure is the test's failure. */
export async function eventually<T>(attempt: () => Promise<T>, milliseconds = 20_000): Promise<T> {
  const deadline = Date.now() + milliseconds
  for (;;) {
    try {
      return await attempt()
    } catch (error) {
      if (Date.now() > deadline) throw error
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
  }
}
