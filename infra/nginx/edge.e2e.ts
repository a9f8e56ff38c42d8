import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { DEMO } from '@signalbox/shared/demo'
import { createClient } from 'graphql-ws'
import { spawn, type ChildProcess } from 'node:child_process'
import { request as plainRequest, type IncomingHttpHeaders, type RequestOptions } from 'node:http'
import { request as secureRequest } from 'node:https'
import { createServer, type Server, type Socket } from 'node:net'
import { connect as connectSecurely } from 'node:tls'
import { fileURLToPath } from 'node:url'
import { WebSocket } from 'ws'
import { exampleAllowList, freePort, hasNginx, Nginx } from '../testing/nginx.ts'
import { codeFor, eventually } from '../../gateway/src/e2e/testkit/session.ts'

const MAIN = fileURLToPath(new URL('../../gateway/dist/main.js', import.meta.url))
const describeWithNginx = hasNginx ? describe : describe.skip

interface Reply {
  status: number
  headers: IncomingHttpHeaders
  body: string
}

/** Debian's nginx with TLS before a gateway of its own, over the subgraphs of the platform under test. */
describeWithNginx('the edge', () => {
  let nginx: Nginx
  let gatewayPort: number
  let gateway: ChildProcess | undefined
  let origin: string
  const cookies = new Map<string, string>()

  beforeAll(async () => {
    gatewayPort = await freePort()
    const changes = [
      ['client_body_timeout 15s', 'client_body_timeout 1s'],
      ['proxy_read_timeout 60s', 'proxy_read_timeout 1s'],
    ] as const
    nginx = await Nginx.start({ tls: true, gateway: gatewayPort, changes })
    origin = `https://localhost:${nginx.port}`
    await startGateway()
  }, 60_000)
  afterAll(async () => {
    await stopGateway()
    await nginx[Symbol.asyncDispose]()
  })

  async function startGateway() {
    const platform = JSON.parse(process.env['SIGNALBOX_GATEWAY_ENV'] ?? '{}') as Record<string, string>
    const env = { ...platform, PORT: String(gatewayPort), PUBLIC_URL: origin, TRUSTED_PROXIES: 'loopback' }
    gateway = spawn(process.execPath, [MAIN], { env: { PATH: process.env['PATH'], ...env }, stdio: 'ignore' })
    await eventually(async () => expect((await ask('/ready')).status).toBe(200))
  }

  async function stopGateway() {
    if (gateway === undefined || gateway.exitCode !== null) return
    const ended = new Promise((resolve) => gateway!.once('exit', resolve))
    gateway.kill('SIGTERM')
    await ended
    gateway = undefined
  }

  function ask(path: string, options: RequestOptions & { body?: string | Buffer } = {}, at = nginx): Promise<Reply> {
    return send(secureRequest, { port: at.port, path, ca: at.ca, servername: 'localhost', ...options })
  }

  /** As the dashboard sends it, and its cookies kept. */
  async function graphql(query: string, variables: object = {}) {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const headers = { 'content-type': 'application/json', 'x-signalbox-csrf': '1', origin, ...(cookie && { cookie }) }
    const reply = await ask('/graphql', { method: 'POST', headers, body: JSON.stringify({ query, variables }) })
    for (const set of reply.headers['set-cookie'] ?? []) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(set)!
      cookies.set(name!, value!)
    }
    return { ...reply, json: JSON.parse(reply.body) as { data: Record<string, unknown>; errors?: unknown } }
  }

  it('lets a person sign in over TLS, with cookies that no other host and no script gets', async () => {
    const asked = Date.now()
    const address = DEMO.users.owner
    const requested = await graphql(
      'mutation ($a: String!) { requestOtp(input: { channel: EMAIL, address: $a }) { challengeId } }',
      {
        a: address,
      },
    )
    const { challengeId } = requested.json.data['requestOtp'] as { challengeId: string }
    const input = { challengeId, code: await codeFor(address, asked) }
    const verified = await graphql('mutation ($input: VerifyOtpInput!) { verifyOtp(input: $input) { viewer { role } } }', {
      input,
    })
    expect(verified.json).toEqual({ data: { verifyOtp: { viewer: { role: 'CLIENT_OWNER' } } } })
    const set = verified.headers['set-cookie']!.filter((cookie) => /access|refresh/.test(cookie))
    expect(set.length).toBeGreaterThanOrEqual(2)
    for (const cookie of set) {
      expect(cookie).toMatch(/^__Host-signalbox-(access|refresh)/)
      for (const attribute of ['Path=/', 'HttpOnly', 'Secure', 'SameSite=Strict']) expect(cookie).toContain(attribute)
      expect(cookie).not.toContain('Domain')
    }
    expect((await graphql('{ viewer { role } }')).json).toEqual({ data: { viewer: { role: 'CLIENT_OWNER' } } })
  })

  it('sends the security headers once', async () => {
    const { headers } = await ask('/', { headers: { accept: 'text/html' } })
    expect(headers['strict-transport-security']).toBe('max-age=31536000; includeSubDomains')
    expect(headers['x-content-type-options']).toBe('nosniff')
    expect(headers['content-security-policy']).toContain(`connect-src 'self' wss://localhost:${nginx.port};`)
    expect(headers['content-security-policy']).not.toContain('unsafe')
    expect(headers['server']).toBe('nginx')
    expect(headers['x-request-id']).toMatch(/^[0-9a-f]{32}$/)
  })

  it('carries a subscription', async () => {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const { ca } = nginx
    class Securely extends WebSocket {
      constructor(address: string, protocols: string) {
        super(address, protocols, { ca, headers: { origin, cookie } })
      }
    }
    const client = createClient({ url: `${origin.replace('https', 'wss')}/graphql`, webSocketImpl: Securely, retryAttempts: 0 })
    const events = client.iterate<{ runsChanged: { run: { id: string } } }>({
      query: 'subscription { runsChanged { run { id } } }',
    })
    const heard = events.next()
    let isHeard = false
    void heard.then(() => (isHeard = true))
    // A run that starts before the subscription stands is none of its events.
    const text =
      'mutation { startRun(input: { workflow: "support-triage", input: { text: "by way of the edge" } }) { run { id } } }'
    await eventually(async () => {
      if (!isHeard) expect((await graphql(text)).json.errors).toBeUndefined()
      expect(isHeard).toBe(true)
    })
    expect((await heard).value?.data?.runsChanged.run.id).toEqual(expect.any(String))
    await events.return?.()
    await client.dispose()
  })

  it('sends who speaks plain HTTP to the same address over TLS', async () => {
    const at = (port: number) => send(plainRequest, { port, path: '/runs?a=1', headers: { host: `localhost:${nginx.port}` } })
    expect(await at(nginx.port)).toMatchObject({ status: 308, headers: { location: `${origin}/runs?a=1` } })
    expect(await at(nginx.plainPort)).toMatchObject({ status: 308, headers: { location: 'https://localhost/runs?a=1' } })
  })

  it.each<[string, string, RequestOptions & { body?: Buffer }, number, string]>([
    ['a body that is too large', '/graphql', { method: 'POST', body: Buffer.alloc(1024 * 1024 + 1) }, 413, 'PAYLOAD_TOO_LARGE'],
    ['a header that is too long', '/graphql', { headers: { 'x-long': 'x'.repeat(17 * 1024) } }, 431, 'HEADERS_TOO_LARGE'],
    ['an address that is too long', `/${'x'.repeat(17 * 1024)}`, {}, 431, 'HEADERS_TOO_LARGE'],
    ['an address that is none', '/%zz', {}, 400, 'BAD_REQUEST'],
    ['a method that the dashboard has not', '/runs', { method: 'DELETE' }, 405, 'METHOD_NOT_ALLOWED'],
    ['a host that is not ours', '/health/x', { headers: { host: 'evil.example' } }, 421, 'MISDIRECTED_REQUEST'],
    ['a path that is not ours', '/nothing.txt', {}, 404, 'NOT_FOUND'],
    ['a token that does not hold', '/artifacts/x', { headers: { authorization: 'Bearer a.b.c' } }, 401, 'UNAUTHENTICATED'],
  ])('refuses %s in JSON with errors', async (_what, path, options, status, code) => {
    expectRefusal(await ask(path, options), status, code)
  })

  it('refuses a flood at the token endpoint with 429, and says when to come again', async () => {
    const form = { 'content-type': 'application/x-www-form-urlencoded' }
    const replies = await Promise.all(
      Array.from({ length: 80 }, () => ask('/oidc/token', { method: 'POST', headers: form, body: 'grant_type=none' })),
    )
    const limited = replies.filter(({ status }) => status === 429)
    expect(limited.length).toBeGreaterThan(10)
    expect(limited.length).toBeLessThan(80)
    expectRefusal(limited[0]!, 429, 'RATE_LIMITED')
    expect(limited[0]!.headers['retry-after']).toBe('1')
  })

  it('cuts off a client that is too slow', async () => {
    const socket = connectSecurely({ port: nginx.port, host: '127.0.0.1', servername: 'localhost', ca: nginx.ca })
    socket.on('error', () => {})
    socket.write(
      'POST /graphql HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{"que',
    )
    await new Promise((resolve) => socket.once('close', resolve))
  })

  it('lets each network reach what the allow-list says', async () => {
    const allow = exampleAllowList().replace('10.30.5.0/24 n8n', '127.0.0.1/32 n8n')
    const narrow = await Nginx.start({ tls: true, gateway: gatewayPort, allow })
    const json = { method: 'POST', headers: { 'content-type': 'application/json', host: `localhost:${nginx.port}` } }
    expect((await ask('/graphql', { ...json, body: '{"query":"{ __typename }"}' }, narrow)).status).toBe(200)
    expect((await ask('/oidc/token', { method: 'POST' }, narrow)).status).not.toBe(403)
    for (const path of ['/', '/runs', '/graphql/x', '/oidc/auth', '/oidc/token/x', '/artifacts/a', '/ready', '/x/../hooks/a'])
      expectRefusal(await ask(path, {}, narrow), 403, 'FORBIDDEN')
    const closed = exampleAllowList()
    const nobody = await Nginx.start({ tls: true, gateway: gatewayPort, allow: closed })
    expectRefusal(await ask('/graphql', { ...json, body: '{}' }, nobody), 403, 'FORBIDDEN')
    expectRefusal(await ask('/%zz', {}, nobody), 400, 'BAD_REQUEST')
    for (const one of [narrow, nobody]) await one[Symbol.asyncDispose]()
  })

  it('says in JSON that the gateway is away, or does not answer, and finds it again', async () => {
    await stopGateway()
    expectRefusal(await ask('/health'), 502, 'UNAVAILABLE')
    const hanging = await hangAt(gatewayPort)
    expectRefusal(await ask('/health'), 504, 'UNAVAILABLE')
    await hanging[Symbol.asyncDispose]()
    await startGateway()
    expect((await graphql('{ viewer { role } }')).json).toEqual({ data: { viewer: { role: 'CLIENT_OWNER' } } })
  })
})

function expectRefusal({ status, headers, body }: Reply, expected: number, code: string) {
  expect([status, headers['content-type']]).toEqual([expected, expect.stringMatching(/^application\/json/)])
  expect(JSON.parse(body)).toMatchObject({ errors: [{ message: expect.stringMatching(/^[A-Z].*\.$/), extensions: { code } }] })
  expect(headers['strict-transport-security']).toBe('max-age=31536000; includeSubDomains')
  expect(headers['x-content-type-options']).toBe('nosniff')
}

function send(
  request: typeof plainRequest,
  options: RequestOptions & { body?: string | Buffer; ca?: string; servername?: string },
): Promise<Reply> {
  const { body, ...rest } = options
  return new Promise((resolve, reject) => {
    const sent = request({ host: 'localhost', family: 4, agent: false, ...rest }, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('end', () =>
        resolve({ status: response.statusCode!, headers: response.headers, body: Buffer.concat(chunks).toString() }),
      )
    })
    sent.on('error', reject).end(body)
  })
}

/** Takes connections and never answers. */
async function hangAt(port: number): Promise<AsyncDisposable> {
  const sockets = new Set<Socket>()
  const server: Server = createServer((socket) => void sockets.add(socket.on('error', () => {})))
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  return {
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
