import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import { request as httpRequest } from 'node:http'
import { connect } from 'node:net'
import { createGateway, type Gateway } from '../gateway.ts'
import { codesOf, post } from '../testkit/client.ts'
import { gatewayConfig, Started, startPlatform, type Platform } from '../testkit/platform.ts'
import type { EdgeObserver } from './observer.ts'
import type { EdgeSettings } from './settings.ts'

let platform: Platform
let token: string
const started = new Started()

beforeAll(async () => {
  platform = await startPlatform()
  token = await platform.issuer.sign()
})
afterEach(() => started.stopAll())
afterAll(() => platform[Symbol.asyncDispose]())

/** Another gateway before the same subgraphs. */
function gatewayWith(edge: Partial<EdgeSettings>, observer?: EdgeObserver): Promise<Gateway> {
  const config = gatewayConfig(platform.supergraphSdl, platform.issuer)
  return started.keep(createGateway({ ...config, edge: { ...config.edge, ...edge }, ...(observer && { observer }) }))
}

const rates = (limits: Partial<EdgeSettings['rates']>) => ({
  rates: { ...gatewayConfig('', null).edge.rates, ...limits },
})
/** So many, and no more for as long as a test takes. */
const only = (burst: number) => ({ perSecond: 1 / 60, burst })

interface Reply {
  status: number
  headers: Record<string, string | string[] | undefined>
  body: string
}

/** As `fetch`, but with whatever host and headers. */
function send(address: string, path: string, headers: Record<string, string | string[]>, method = 'GET', body?: string) {
  return new Promise<Reply>((resolve, reject) => {
    const request = httpRequest(new URL(path, address), { method, headers }, (response) => {
      let text = ''
      response.on('data', (chunk) => (text += String(chunk)))
      response.on('end', () => resolve({ status: response.statusCode!, headers: response.headers, body: text }))
    })
    request.on('error', reject).end(body)
  })
}

const errorOf = ({ status, body }: Reply) => [status, JSON.parse(body)]
const LIMITED = (retryAfterSeconds: number) => [
  429,
  {
    errors: [
      {
        message: `Too many attempts. Try again in ${retryAfterSeconds} seconds.`,
        extensions: { retryAfterSeconds, code: 'RATE_LIMITED' },
      },
    ],
  },
]

describe('rates', () => {
  it('of an address end in 429 with Retry-After, whatever it asks for but health', async () => {
    const { address } = await gatewayWith(rates({ address: only(2) }))
    expect((await send(address, '/nothing', {})).status).toBe(404)
    expect((await send(address, '/oidc/.well-known/openid-configuration', {})).status).toBe(200)
    const limited = await send(address, '/', {})
    expect(errorOf(limited)).toEqual(LIMITED(60))
    expect(limited.headers['retry-after']).toBe('60')
    expect((await send(address, '/graphql', { 'content-type': 'application/json' }, 'POST', '{}')).status).toBe(429)
    expect((await send(address, '/health', {})).status).toBe(200)
  })

  it('follow X-Forwarded-For of a trusted proxy, and of nobody else', async () => {
    const behind = await gatewayWith({ ...rates({ address: only(1) }), trustedProxies: ['127.0.0.1'] })
    const statusOf = async ({ address }: Gateway, client: string) =>
      (await send(address, '/nothing', { 'x-forwarded-for': client })).status
    expect([await statusOf(behind, '192.0.2.1'), await statusOf(behind, '192.0.2.2')]).toEqual([404, 404])
    expect(await statusOf(behind, '192.0.2.1')).toBe(429)
    // The one that the proxy itself added counts; what stood there before is the client's own word.
    expect(await statusOf(behind, '198.51.100.1, 192.0.2.1')).toBe(429)
    const open = await gatewayWith({ ...rates({ address: only(1) }), trustedProxies: ['10.0.0.0/8'] })
    expect([await statusOf(open, '192.0.2.1'), await statusOf(open, '192.0.2.2')]).toEqual([404, 429])
  })

  it('of an actor hold over all of its tokens, for operations and uploads, and for nobody else', async () => {
    const gateway = await gatewayWith(rates({ identity: only(2) }))
    const again = await platform.issuer.sign({ claims: { sid: 's2' } })
    expect((await post({ gateway }, '{ runs { id } }', { token })).status).toBe(200)
    expect((await send(gateway.address, '/artifacts/a', { authorization: `Bearer ${token}` })).status).toBe(200)
    const limited = await post({ gateway }, '{ runs { id } }', { token: again })
    expect([limited.status, limited.headers.get('retry-after')]).toEqual([429, '60'])
    expect(limited.body).toEqual({
      errors: [
        { message: 'Too many attempts. Try again in 60 seconds.', extensions: { retryAfterSeconds: 60, code: 'RATE_LIMITED' } },
      ],
    })
    expect((await send(gateway.address, '/artifacts/a', { authorization: `Bearer ${token}` })).status).toBe(429)
    expect((await post({ gateway }, '{ viewer { id } }')).status).toBe(200)
  })

  it('of signing in are tighter, and count the token endpoint too', async () => {
    const gateway = await gatewayWith(rates({ signIn: only(2) }))
    expect((await post({ gateway }, 'mutation { verifyOtp(code: "a") { id } }')).status).toBe(200)
    expect((await send(gateway.address, '/oidc/token', {}, 'POST')).status).toBe(404)
    expect(codesOf(await post({ gateway }, 'mutation { verifyOtp(code: "a") { id } }'))).toEqual(['RATE_LIMITED'])
    for (const path of [
      '/oidc/token?a=1',
      '/oidc/token/',
      '/oidc/./token',
      '/oidc/TOKEN',
      '/oidc/t%6Fken',
      '/oidc/interaction/u/code',
    ])
      expect([path, (await send(gateway.address, path, {}, 'POST')).status]).toEqual([path, 429])
    expect((await send(gateway.address, '/oidc/.well-known/openid-configuration', {})).status).toBe(200)
    expect(codesOf(await post({ gateway }, 'mutation { refreshSession { id } }'))).toEqual(['UNAUTHENTICATED'])
    expect((await post({ gateway }, 'mutation { signOut }')).status).toBe(200)
  })
})

describe('hosts', () => {
  it('that nobody named get 421; health answers under every name', async () => {
    const { address } = await gatewayWith({ trustedHosts: ['signalbox.test', 'b.example:8080'] })
    const refused = [
      421,
      { errors: [{ message: 'Signalbox is not served under this host name.', extensions: { code: 'MISDIRECTED_REQUEST' } }] },
    ]
    for (const host of ['evil.example', 'signalbox.test.evil.example', 'b.example', 'signalbox.test:80'])
      expect(errorOf(await send(address, '/nothing', { host }))).toEqual(refused)
    for (const host of ['signalbox.test', 'SIGNALBOX.test', 'b.example:8080', 'localhost:4000', '127.0.0.1', '[::1]:1'])
      expect((await send(address, '/nothing', { host })).status).toBe(404)
    expect((await send(address, '/health', { host: '10.1.2.3:4000' })).status).toBe(200)
  })
})

describe('a socket', () => {
  it('is opened at /graphql alone', async () => {
    const handshake = { connection: 'Upgrade', upgrade: 'websocket', 'sec-websocket-version': '13' }
    for (const path of ['/health', '/oidc/token', '/nothing', '/']) {
      const answer = await send(platform.gateway.address, path, { ...handshake, 'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==' })
      expect([path, answer.status, JSON.parse(answer.body).errors[0].extensions.code]).toEqual([path, 404, 'NOT_FOUND'])
    }
  })
})

describe('other pages', () => {
  const preflight = { 'access-control-request-method': 'POST', 'access-control-request-headers': 'content-type' }
  const corsHeaders = ({ headers }: Reply) => Object.keys(headers).filter((name) => name.startsWith('access-control-'))
  const REFUSED = [403, { errors: [{ message: 'This page may not call Signalbox.', extensions: { code: 'FORBIDDEN' } }] }]

  it('are let in nowhere unless they are named', async () => {
    const { address } = platform.gateway
    for (const origin of ['https://evil.example', 'null', 'http://signalbox.test.evil.example']) {
      const asked = await send(address, '/graphql', { origin, ...preflight }, 'OPTIONS')
      expect([errorOf(asked), corsHeaders(asked)]).toEqual([REFUSED, []])
      const plain = await send(address, '/oidc/.well-known/openid-configuration', { origin })
      expect([plain.status, corsHeaders(plain)]).toEqual([200, []])
      const withCookies = { origin, cookie: `signalbox-access=${token}`, 'x-signalbox-csrf': '1' }
      expect(errorOf(await send(address, '/artifacts/a', withCookies))).toEqual(REFUSED)
    }
  })

  it('that are named may call, with the methods of the route', async () => {
    const { address } = await gatewayWith({ corsOrigins: ['https://app.example'] })
    const origin = 'https://app.example'
    const asked = await send(address, '/graphql', { origin, ...preflight }, 'OPTIONS')
    expect(asked).toMatchObject({
      status: 204,
      headers: {
        'access-control-allow-origin': origin,
        'access-control-allow-credentials': 'true',
        'access-control-allow-methods': 'POST',
        'access-control-max-age': '600',
        vary: 'origin',
      },
    })
    const body = JSON.stringify({ query: '{ viewer { id } }' })
    const answer = await send(address, '/graphql', { origin, 'content-type': 'application/json' }, 'POST', body)
    expect(answer).toMatchObject({ status: 200, headers: { 'access-control-allow-origin': origin } })
    expect(errorOf(await send(address, '/graphql', { origin: 'https://other.example', ...preflight }, 'OPTIONS'))).toEqual(
      REFUSED,
    )
  })
})

describe('headers', () => {
  const REFUSED = [
    431,
    { errors: [{ message: 'The headers of the request are too large.', extensions: { code: 'HEADERS_TOO_LARGE' } }] },
  ]

  it('that are too many, or cookies that are too long, give 431', async () => {
    const many = Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`x-a${index}`, '1']))
    expect(errorOf(await send(platform.gateway.address, '/health', many))).toEqual(REFUSED)
    const cookie = `a=${'x'.repeat(14 * 1024)}`
    expect(errorOf(await send(platform.gateway.address, '/graphql', { cookie }))).toEqual(REFUSED)
  })

  it('with which only we speak to a part are taken from a client by nobody', async () => {
    const forged = {
      'x-signalbox-refresh': 'refresh-1:forged',
      'x-signalbox-session': 'forged',
      'x-signalbox-browser': 'forged',
      'x-signalbox-operation': 'forged',
      'x-signalbox-anything': 'forged',
      signature: 'sig=:forged:',
      'signature-input': 'sig=("forged")',
      'content-digest': 'forged',
      'x-forwarded-host': 'forged.example',
      'x-forwarded-proto': 'forged',
      'x-real-ip': 'forged',
      forwarded: 'for=forged',
    }
    const isForged = (headers: object) => JSON.stringify(headers).includes('forged')
    const passedOn = await send(platform.gateway.address, '/hooks/echo', forged, 'POST')
    expect([passedOn.status, isForged(JSON.parse(passedOn.body) as object)]).toEqual([200, false])
    expect(JSON.parse(passedOn.body)).toMatchObject({
      'x-forwarded-host': 'signalbox.test',
      signature: expect.stringMatching(/^sig=/),
    })
    const headers = { ...forged, authorization: `Bearer ${token}`, 'content-type': 'application/json' }
    const body = JSON.stringify({ query: 'query Mine { runs { id } }', operationName: 'Mine' })
    await send(platform.gateway.address, '/graphql', headers, 'POST', body)
    const arrived = platform.workflow.requests.at(-1)!.headers
    expect(isForged(arrived)).toBe(false)
    expect(arrived).toMatchObject({ 'x-signalbox-operation': 'Mine', 'x-forwarded-for': expect.stringMatching(/127\.0\.0\.1$/) })
    const refresh = JSON.stringify({ query: 'mutation { refreshSession { id } }' })
    expect(
      (await send(platform.gateway.address, '/graphql', { ...forged, 'content-type': 'application/json' }, 'POST', refresh))
        .status,
    ).toBe(401)
  })
})

describe('a body that never ends', () => {
  it.each(['/graphql', '/oidc/token', '/hooks/crm'])('gives 408 and ends the connection, at %s', async (path) => {
    const { address } = await gatewayWith({ bodyTimeout: 50 })
    const answer = await new Promise<string>((resolve, reject) => {
      const socket = connect(Number(new URL(address).port), '127.0.0.1', () =>
        socket.write(`POST ${path} HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{"que`),
      )
      let text = ''
      socket.on('data', (chunk) => (text += String(chunk)))
      socket.on('close', () => resolve(text)).on('error', reject)
    })
    expect(answer).toMatch(
      /^HTTP\/1.1 408 [^]*\{"errors":\[\{"message":"The request took too long to arrive\.","extensions":\{"code":"TIMEOUT"\}\}\]\}$/,
    )
  })
})

describe('whoever observes', () => {
  it('hears of each denial and each limit once, with who and what', async () => {
    const heard: unknown[] = []
    const observer: EdgeObserver = {
      onDenied: ({ viewer, operation, errors, address }) =>
        heard.push(['denied', viewer?.actorId ?? null, operation, errors[0]!.extensions['code'], address]),
      onLimited: ({ viewer, operation, limit }) => heard.push(['limited', viewer?.actorId ?? null, operation, limit]),
    }
    const gateway = await gatewayWith(rates({ identity: only(2) }), observer)
    const forged = await platform.issuer.forge()
    await post({ gateway }, 'query NoRight { viewer { email } }', { token })
    await post({ gateway }, 'query NoToken { runs { id } }')
    await post({ gateway }, '{ runs { id } }', { token: forged })
    await send(gateway.address, '/artifacts/a', { authorization: `Bearer ${forged}` })
    await post({ gateway }, '{ fails }', { token })
    await post({ gateway }, 'query Often { viewer { id } }', { token })
    expect(heard).toEqual([
      ['denied', 'u1', 'NoRight', 'FORBIDDEN', '127.0.0.1'],
      ['denied', null, 'NoToken', 'UNAUTHENTICATED', '127.0.0.1'],
      ['denied', null, '/graphql', 'UNAUTHENTICATED', '127.0.0.1'],
      ['denied', null, '/artifacts/*', 'UNAUTHENTICATED', '127.0.0.1'],
      ['denied', 'u1', null, 'FORBIDDEN', '127.0.0.1'],
      ['limited', 'u1', 'Often', 'identity'],
    ])
  })
})
