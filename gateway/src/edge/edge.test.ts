import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { until } from '../testkit/client.ts'
import { startPlatform, type Platform } from '../testkit/platform.ts'

let platform: Platform
let token: string
let webDir: string
let base: string

beforeAll(async () => {
  webDir = await mkdtemp(join(tmpdir(), 'signalbox-web-'))
  await mkdir(join(webDir, 'assets'))
  await writeFile(join(webDir, 'index.html'), '<!doctype html><title>Signalbox</title>')
  await writeFile(join(webDir, 'assets', 'main-1a2b.js'), 'export {}')
  platform = await startPlatform({ webDir })
  token = await platform.issuer.sign()
  base = platform.gateway.address
})
afterAll(async () => {
  await platform[Symbol.asyncDispose]()
  await rm(webDir, { recursive: true })
})

const graphql = (body: string, headers: Record<string, string>) => fetch(`${base}/graphql`, { method: 'POST', body, headers })
const HTML = { accept: 'text/html,application/xhtml+xml' }

async function expectError(response: Response, status: number, code: string) {
  expect(response.status).toBe(status)
  expect(response.headers.get('content-type')).toContain('json')
  expect(response.headers.get('x-content-type-options')).toBe('nosniff')
  expect(await response.json()).toMatchObject({ errors: [{ message: expect.any(String), extensions: { code } }] })
}

describe('bodies of POST /graphql', () => {
  it('may be application/graphql with a bearer token, as n8n sends in raw mode', async () => {
    const response = await graphql('{ runs { id } }', { 'content-type': 'application/graphql', authorization: `Bearer ${token}` })
    expect(await response.json()).toEqual({ data: { runs: [{ id: 'r1' }, { id: 'r2' }] } })
  })

  it.each([
    ['no JSON', '{', 'application/json', 400, 'BAD_REQUEST'],
    ['no object', '[]', 'application/json', 400, 'BAD_REQUEST'],
    ['no query', '{"a":1}', 'application/json', 400, 'BAD_REQUEST'],
    ['empty', '', 'application/json', 400, 'BAD_REQUEST'],
    ['a form', 'query={viewer{id}}', 'application/x-www-form-urlencoded', 415, 'UNSUPPORTED_MEDIA_TYPE'],
    ['plain text', '{"query":"{viewer{id}}"}', 'text/plain', 415, 'UNSUPPORTED_MEDIA_TYPE'],
    ['too large', JSON.stringify({ query: `#${'x'.repeat(1024 * 1024)}` }), 'application/json', 413, 'PAYLOAD_TOO_LARGE'],
    ['a subscription', '{"query":"subscription { ticks }"}', 'application/json', 400, 'BAD_REQUEST'],
    ['no GraphQL', '{"query":"{"}', 'application/json', 400, 'GRAPHQL_PARSE_FAILED'],
  ])('that are %s are refused in JSON', async (_name, body, type, status, code) => {
    await expectError(await graphql(body, { 'content-type': type }), status, code)
  })
})

describe('addresses', () => {
  it('that are not served give 404 in JSON', async () => {
    for (const path of ['/nothing', '/graphql/x', '/assets/gone.js', '/%', '/.env']) {
      await expectError(await fetch(base + path), path === '/%' ? 400 : 404, path === '/%' ? 'BAD_REQUEST' : 'NOT_FOUND')
    }
    await expectError(await fetch(`${base}/runs`, { method: 'POST', headers: HTML }), 404, 'NOT_FOUND')
  })

  it('with a wrong method give 405 and say the right one', async () => {
    for (const [method, path, allow] of [
      ['GET', '/graphql?query={viewer{id}}', 'POST'],
      ['DELETE', '/graphql', 'POST'],
      ['POST', '/ready', 'GET, HEAD'],
      ['GET', '/hooks/x', 'POST'],
      ['DELETE', '/artifacts/x', 'GET, HEAD, POST, PUT'],
    ] as const) {
      const response = await fetch(base + path, { method })
      expect(response.headers.get('allow')).toBe(allow)
      await expectError(response, 405, 'METHOD_NOT_ALLOWED')
    }
  })

  it('answer for health', async () => {
    expect(await (await fetch(`${base}/health`)).json()).toEqual({ status: 'ok' })
    expect(await (await fetch(`${base}/ready`)).json()).toEqual({
      status: 'ok',
      parts: { auth: 'ok', workflow: 'ok', telemetry: 'ok' },
    })
  })
})

describe('bytes that are no request', () => {
  const send = (bytes: string) =>
    new Promise<string>((resolve, reject) => {
      const socket = connect(Number(new URL(base).port), '127.0.0.1', () => socket.write(bytes))
      let answer = ''
      socket.on('data', (chunk) => (answer += String(chunk)))
      socket.on('close', () => resolve(answer)).on('error', reject)
    })

  it('get an answer in JSON too', async () => {
    expect(await send('rubbish\r\n\r\n')).toMatch(/^HTTP\/1.1 400 Bad Request[^]*\{"errors":\[/)
    expect(await send(`GET /health HTTP/1.1\r\nhost: x\r\nx-large: ${'x'.repeat(20_000)}\r\n\r\n`)).toMatch(
      /^HTTP\/1.1 431 [^]*"HEADERS_TOO_LARGE"/,
    )
  })
})

describe('what is passed on', () => {
  it('to auth goes under the public host, without our cookies', async () => {
    const response = await fetch(`${base}/oidc/.well-known/openid-configuration`, {
      headers: { cookie: 'signalbox-access=a; signalbox-refresh=b; _session=c' },
    })
    expect(await response.json()).toEqual({ host: 'signalbox.test', cookie: '_session=c' })
  })

  it('to workflow streams up with the token of the cookie', async () => {
    const chunk = Buffer.alloc(64 * 1024, 1)
    const upload = (headers: Record<string, string>) =>
      fetch(`${base}/artifacts/report`, {
        method: 'PUT',
        headers: { 'content-type': 'application/octet-stream', ...headers },
        body: new ReadableStream({
          start: (stream) => (Array.from({ length: 64 }).forEach(() => stream.enqueue(chunk)), stream.close()),
        }),
        duplex: 'half',
      })
    const cookie = `signalbox-access=${token}`
    expect(await (await upload({ cookie, 'x-signalbox-csrf': '1' })).json()).toEqual({
      bytes: 4 * 1024 * 1024,
      authorization: `Bearer ${token}`,
    })
    await expectError(await upload({ cookie }), 403, 'FORBIDDEN')
  })

  it('to workflow may be text of any size', async () => {
    const response = await fetch(`${base}/artifacts/notes.txt`, {
      method: 'PUT',
      headers: { 'content-type': 'text/plain', authorization: `Bearer ${token}` },
      body: 'x'.repeat(3 * 1024 * 1024),
    })
    expect(await response.json()).toMatchObject({ bytes: 3 * 1024 * 1024 })
  })

  it('to workflow ends there too when the client vanishes in the middle', async () => {
    const { begun, finished } = platform.uploads
    const socket = connect(Number(new URL(base).port), '127.0.0.1')
    const head = `PUT /artifacts/half HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${token}\r\ncontent-length: 1000000\r\n\r\n`
    socket.write(head + 'x'.repeat(1_000))
    await until('the upload to begin', () => platform.uploads.begun === begun + 1)
    socket.destroy()
    await until('the upload to be aborted', () => platform.uploads.aborted === 1)
    expect(platform.uploads.finished).toBe(finished)
  })

  it('from there may not run in our pages', async () => {
    const response = await fetch(`${base}/artifacts/page.html`, { headers: { cookie: `signalbox-access=${token}` } })
    expect(await response.text()).toContain(`Bearer ${token}`)
    expect(response.headers.get('content-security-policy')).toContain('sandbox')
  })

  it('of webhooks keeps its signature and needs no session', async () => {
    const response = await fetch(`${base}/hooks/crm`, {
      method: 'POST',
      headers: { 'x-signature': 'abc', 'content-type': 'text/plain' },
      body: 'x',
    })
    expect(await response.json()).toEqual({ signature: 'abc', authorization: null })
    const forged = await platform.issuer.forge()
    await expectError(
      await fetch(`${base}/artifacts/x`, { headers: { authorization: `Bearer ${forged}` } }),
      401,
      'UNAUTHENTICATED',
    )
  })

  /** The whole answer, once the gateway has closed the connection. */
  const reach = (path: string, host = 'x') =>
    new Promise<string>((resolve, reject) => {
      const socket = connect(Number(new URL(base).port), '127.0.0.1', () =>
        socket.write(`GET ${path} HTTP/1.1\r\nhost: ${host}\r\nconnection: close\r\n\r\n`),
      )
      let answer = ''
      socket.on('data', (chunk) => (answer += String(chunk)))
      socket.on('close', () => resolve(answer)).on('error', reject)
    })

  it('ends the connection when the client asks for that, whatever the part says of its own', async () => {
    expect(await reach('/oidc/.well-known/openid-configuration', 'localhost')).toMatch(
      /^HTTP\/1.1 200 [^]*\r\nconnection: close\r\n/i,
    )
  })

  it('stays under its own path', async () => {
    for (const path of [
      '/oidc/../internal',
      '/oidc/%2e%2e/internal',
      '/oidc/..%2finternal',
      '/oidc/..\\internal',
      '/oidc//../../internal',
    ]) {
      const answer = await reach(path)
      expect(answer).not.toContain('reached')
      expect(answer).toMatch(/^HTTP\/1.1 40[04] [^]*"errors"/)
    }
  })

  it('to a part that is down gives 502 in JSON', async () => {
    await platform.workflow.stop()
    await expectError(await fetch(`${base}/hooks/crm`, { method: 'POST' }), 502, 'UNAVAILABLE')
    await platform.workflow.start()
  })
})

describe('the dashboard', () => {
  it('is its page for every address that a browser navigates to', async () => {
    for (const path of ['/', '/runs/r1', '/kpis?tab=technical']) {
      const response = await fetch(base + path, { headers: HTML })
      expect(response.status).toBe(200)
      expect(await response.text()).toContain('<title>Signalbox</title>')
      expect(response.headers.get('cache-control')).toBe('no-store')
      expect(response.headers.get('content-security-policy')).toMatch(/script-src 'self';.*frame-ancestors 'none'/)
    }
  })

  it('keeps hashed files for ever', async () => {
    const response = await fetch(`${base}/assets/main-1a2b.js`)
    expect(response.headers.get('content-type')).toContain('javascript')
    expect(response.headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
  })
})
