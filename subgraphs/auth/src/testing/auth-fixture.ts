import { migrateEvents } from '@signalbox/shared/events/migrate'
import { createTestDatabase, type TestDatabase } from '@signalbox/shared/testing/database'
import { createServer, type AddressInfo } from 'node:net'
import pg from 'pg'
import { startApp } from '../app.ts'
import { readAuthEnv, type AuthEnv } from '../env.ts'
import { Secrets } from '../keys/secrets.ts'
import { migrateAuth } from '../migrations.ts'
import { createAuthOrm } from '../orm.ts'
import { seedDemo } from '../seed.ts'
import type { SessionTokens } from '../sessions/session-transport.ts'
import { Inbox } from './inbox.ts'

export const CLI_SECRET = 'the-secret-of-the-command-line-in-tests'
/** The value of the browser's cookie that the gateway would send along, unless a test says otherwise. */
export const BROWSER = 'the-browser-of-the-tests-with-43-characters'

interface Failure {
  message: string
  path?: (string | number)[]
  extensions: Record<string, unknown> & { code: string }
}

/** Whatever an answer holds; what a test reads of it, it also expects. */
export type Json = ReturnType<typeof JSON.parse>

export interface Answer {
  status: number
  data: Json
  errors: Failure[]
  /** The tokens handed to the gateway, `none` after signing out, or null. */
  session: SessionTokens | 'none' | null
}

export interface Credentials {
  token?: string
  refresh?: string
  /** Null: no browser. */
  browser?: string | null
  /** The network address that the gateway saw. */
  client?: string
}

export interface FixtureOptions {
  /** Puts something between the service and its database, once that is seeded. */
  databaseThrough?: (url: string) => Promise<string>
  /** Variables that are other than usual. */
  env?: Record<string, string>
}

/** A running auth service with the demo in a database of its own and an inbox. */
export class AuthFixture implements AsyncDisposable {
  private constructor(
    readonly env: AuthEnv,
    readonly database: TestDatabase,
    readonly inbox: Inbox,
    readonly superuser: pg.Client,
    private app: AsyncDisposable | undefined,
  ) {}

  static async start(options: FixtureOptions = {}): Promise<AuthFixture> {
    const [port, mailPort] = await Promise.all([freePort(), freePort()])
    const database = await createTestDatabase(
      'auth',
      (url) => migrateEvents(url('events_owner')),
      (url) => migrateAuth(url('auth_owner')),
    )
    const inbox = new Inbox(mailPort)
    await inbox.open()
    const env = testEnv(port, database.url('auth_app'), inbox.url, options.env)
    await seed(env)
    if (options.databaseThrough) env.DATABASE_URL = await options.databaseThrough(env.DATABASE_URL)
    const superuser = new pg.Client({ connectionString: database.superuserUrl })
    await superuser.connect()
    return new AuthFixture(env, database, inbox, superuser, await startApp(env))
  }

  /** Stops the service, does something, and starts it again. */
  async restart(meanwhile: () => Promise<void> = async () => {}): Promise<void> {
    await this.app?.[Symbol.asyncDispose]()
    await meanwhile()
    this.app = await startApp(this.env)
  }

  get address() {
    return `http://127.0.0.1:${this.env.PORT}`
  }

  async graphql(query: string, variables: Record<string, unknown> = {}, credentials: Credentials = {}): Promise<Answer> {
    const response = await this.send(query, variables, credentials)
    const body = (await response.json()) as { data?: unknown; errors?: Failure[] }
    return { status: response.status, data: body.data, errors: body.errors ?? [], session: sessionOf(response) }
  }

  /** The whole answer, headers and all. */
  send(query: string, variables: Record<string, unknown>, credentials: Credentials = {}): Promise<Response> {
    const { token, refresh, browser = BROWSER, client } = credentials
    return fetch(`${this.address}/graphql`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...(refresh === undefined ? {} : { 'x-signalbox-refresh': refresh }),
        ...(browser === null ? {} : { 'x-signalbox-browser': browser }),
        ...(client === undefined ? {} : { 'x-forwarded-for': client }),
      },
      body: JSON.stringify({ query, variables }),
    })
  }

  requestOtp(address: string, channel = 'EMAIL', credentials: Credentials = {}): Promise<Answer> {
    const query = 'mutation ($input: RequestOtpInput!) { requestOtp(input: $input) { challengeId expiresAt } }'
    return this.graphql(query, { input: { channel, address } }, credentials)
  }

  verifyOtp(challengeId: string, code: string, selection = 'role', credentials: Credentials = {}): Promise<Answer> {
    const query = `mutation ($input: VerifyOtpInput!) { verifyOtp(input: $input) { viewer { ${selection} } } }`
    return this.graphql(query, { input: { challengeId, code } }, credentials)
  }

  /** Asks for a code, reads it from the inbox and signs in. */
  async signIn(address: string): Promise<SessionTokens> {
    const { data } = await this.requestOtp(address)
    const { session, errors } = await this.verifyOtp(data.requestOtp.challengeId, await this.inbox.takeCode(address))
    if (session === null || session === 'none') throw new Error(`no session: ${JSON.stringify(errors)}`)
    return session
  }

  async tokenOf(address: string): Promise<{ token: string }> {
    return { token: (await this.signIn(address)).accessToken }
  }

  /** `POST /oidc/token` with a form. */
  async post(form: Record<string, string>, headers: Record<string, string> = {}) {
    const response = await fetch(`${this.address}/oidc/token`, { method: 'POST', headers, body: new URLSearchParams(form) })
    return { status: response.status, headers: response.headers, body: (await response.json()) as Json }
  }

  async [Symbol.asyncDispose]() {
    await this.app?.[Symbol.asyncDispose]()
    await this.superuser.end()
    await this.inbox.close()
    await this.database.drop()
  }
}

export function testEnv(port: number, databaseUrl: string, smtpUrl: string, other: Record<string, string> = {}): AuthEnv {
  return readAuthEnv({
    NODE_ENV: 'test',
    LOG_LEVEL: 'error',
    PORT: String(port),
    PUBLIC_URL: 'http://signalbox.example:4000',
    ISSUER: 'http://signalbox.example:4000/oidc',
    JWKS_URL: `http://127.0.0.1:${port}/oidc/jwks`,
    DATABASE_URL: databaseUrl,
    SMTP_URL: smtpUrl,
    AUTH_SECRET: 'a-secret-of-at-least-32-characters-for-tests',
    CODE_SENDS_PER_HOUR: '1000',
    CODE_SENDS_PER_CLIENT: '10000',
    ...other,
  })
}

async function seed(env: AuthEnv) {
  const orm = await createAuthOrm(env.DATABASE_URL)
  await seedDemo(orm, new Secrets(env.AUTH_SECRET), CLI_SECRET).finally(() => orm.close())
}

function sessionOf(response: Response): Answer['session'] {
  const header = response.headers.get('x-signalbox-session')
  if (header === null || header === 'none') return header
  return JSON.parse(Buffer.from(header, 'base64url').toString('utf8')) as SessionTokens
}

export function freePort(): Promise<number> {
  const server = createServer()
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo
      server.close(() => resolve(port))
    })
  })
}
