import { setTimeout as sleep } from 'node:timers/promises'

// What an operation selects is known to the bench that wrote it.
// oxlint-disable-next-line typescript/no-explicit-any
type Selected = any

export interface Answer {
  status: number
  /** The body as it came. */
  text: string
  data: Selected
  errors?: { message: string }[]
}

/** Somebody with a token at the public endpoint. */
export class Person {
  constructor(
    private readonly url: string,
    readonly token: string,
  ) {}

  async ask(query: string, variables: Record<string, unknown> = {}): Promise<Answer> {
    const response = await fetch(`${this.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${this.token}` },
      body: JSON.stringify({ query, variables }),
    })
    const text = await response.text()
    return { status: response.status, text, ...(JSON.parse(text) as Omit<Answer, 'status' | 'text'>) }
  }

  /** The data of an operation that must work. */
  async expect(query: string, variables: Record<string, unknown> = {}): Promise<Selected> {
    const answer = await this.ask(query, variables)
    if (answer.status !== 200 || answer.errors !== undefined) throw new Error(`${answer.status} ${answer.text.slice(0, 300)}`)
    return answer.data
  }
}

/** One browser without a session. */
class Browser {
  readonly #cookies = new Map<string, string>()

  constructor(private readonly url: string) {}

  async post(query: string, variables: Record<string, unknown>): Promise<Selected> {
    const response = await fetch(`${this.url}/graphql`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'x-signalbox-csrf': '1',
        origin: this.url,
        cookie: [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; '),
      },
      body: JSON.stringify({ query, variables }),
    })
    for (const cookie of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? []
      this.#cookies.set(name, value)
    }
    const { data, errors } = (await response.json()) as { data: Selected; errors?: unknown }
    if (errors !== undefined) throw new Error(`${response.status} ${JSON.stringify(errors).slice(0, 300)}`)
    return data
  }

  get accessToken(): string | undefined {
    return [...this.#cookies].find(([name]) => name.endsWith('signalbox-access'))?.[1]
  }
}

export const REQUEST_CODE = 'mutation ($input: RequestOtpInput!) { requestOtp(input: $input) { challengeId expiresAt } }'
const VERIFY = 'mutation ($input: VerifyOtpInput!) { verifyOtp(input: $input) { viewer { role } } }'

/** Signs a person in with the code from the mail inbox; the token lives five minutes. */
export async function signIn(url: string, inboxUrl: string, address: string): Promise<Person> {
  const browser = new Browser(url)
  const since = Date.now()
  const { requestOtp } = await browser.post(REQUEST_CODE, { input: { channel: 'EMAIL', address } })
  const code = await codeFor(inboxUrl, address, since)
  await browser.post(VERIFY, { input: { challengeId: requestOtp.challengeId, code } })
  if (browser.accessToken === undefined) throw new Error(`no token for ${address}`)
  return new Person(url, browser.accessToken)
}

async function codeFor(inboxUrl: string, address: string, since: number): Promise<string> {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const messages = (await (await fetch(`${inboxUrl}/api/messages`)).json()) as Mail[]
    const mine = messages.filter(({ to, at }) => to.includes(address) && Date.parse(at) >= since)
    const code = mine.map(({ subject, text }) => /\b\d{6}\b/.exec(`${subject} ${text}`)?.[0]).find((found) => found !== undefined)
    if (code !== undefined) return code
    await sleep(100)
  }
  throw new Error(`no code for ${address} came within 10 s`)
}

interface Mail {
  to: string
  subject: string
  text: string
  at: string
}

/** A token by client credentials. */
export async function clientToken(url: string, secret: string, clientId = 'signalbox-cli'): Promise<string> {
  const response = await fetch(`${url}/oidc/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from(`${clientId}:${secret}`).toString('base64')}` },
    body: new URLSearchParams({ grant_type: 'client_credentials' }),
  })
  const { access_token: token } = (await response.json()) as { access_token?: string }
  if (token === undefined) throw new Error(`no token: ${response.status}`)
  return token
}
