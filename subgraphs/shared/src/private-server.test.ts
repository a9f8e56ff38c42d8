import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { buildSubgraphSchema } from '@apollo/subgraph'
import type { FastifyInstance } from 'fastify'
import { parse } from 'graphql'
import { connect } from 'node:net'
import { EnvError } from './env-error.ts'
import { createLogger } from './logger.ts'
import { UNTRUSTED_CALLER } from './private-server.ts'
import { createServer } from './server.ts'
import { callService } from './service-call.ts'
import { signRequest, parseServiceKey, parseTrustedCallers } from './service-credential.ts'
import { identityOf, type ServiceIdentity, type ServiceTls } from './service-identity.ts'
import { Authority } from './testing/authority.ts'
import { ServiceKeys } from './testing/service-keys.ts'

const keys = new ServiceKeys()
const identity = (name: string, tls: ServiceTls | null = null): ServiceIdentity => ({
  name,
  key: parseServiceKey(keys.envOf(name).SERVICE_KEY),
  trustedCallers: parseTrustedCallers(keys.envOf(name).TRUSTED_CALLERS),
  tls,
})

const SDL = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])
type Query { hello: String! } type Subscription { ticks: Int! } type Thing @key(fields: "id") { id: ID! }`

async function start(tls: ServiceTls | null = null): Promise<FastifyInstance> {
  const resolvers = { Query: { hello: () => 'hello' }, Thing: { __resolveReference: ({ id }: { id: string }) => ({ id }) } }
  const app = await createServer({
    subgraph: { schema: buildSubgraphSchema({ typeDefs: parse(SDL), resolvers }), sdl: SDL },
    log: createLogger('test', 'silent'),
    verifyToken: async () => null,
    createContext: () => ({}),
    identity: identity('workflow', tls),
    sharedPaths: ['/shared'],
    routes: (server) => {
      server.get('/shared', async () => ({ reached: true }))
      server.get('/artifacts/:id', async () => ({ reached: true }))
    },
  })
  await app.listen({ host: '127.0.0.1', port: 0 })
  return app
}

const post = (query: string) => ({ method: 'POST', body: JSON.stringify({ query }) })

describe('a private subgraph', () => {
  let app: FastifyInstance
  let base: string
  beforeAll(async () => {
    app = await start()
    base = app.listeningOrigin
  })
  afterAll(() => app.close())

  async function expectRefused(response: Response) {
    expect(response.status).toBe(401)
    expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8')
    expect(await response.json()).toEqual(UNTRUSTED_CALLER)
  }

  it('answers to the gateway', async () => {
    const response = await keys.fetch('workflow', `${base}/graphql`, post('{ hello }'))
    expect(await response.json()).toEqual({ data: { hello: 'hello' } })
    expect((await keys.fetch('workflow', `${base}/artifacts/1?a=%20`)).status).toBe(200)
  })

  it.each([
    ['a query', '{ hello }'],
    ['_service', '{ _service { sdl } }'],
    ['_entities', '{ _entities(representations: [{ __typename: "Thing", id: "1" }]) { __typename } }'],
    ['introspection', '{ __schema { queryType { name } } }'],
  ])('refuses %s of a stranger, also with a token', async (_what, query) => {
    const headers = { 'content-type': 'application/json', authorization: 'Bearer a.b.c' }
    await expectRefused(await fetch(`${base}/graphql`, { ...post(query), headers }))
  })

  it('refuses everything else of a stranger in the same way, also what does not exist', async () => {
    for (const path of ['/', '/graphql', '/artifacts/1', '/shared', '/nothing', '/health/x', '/%'])
      await expectRefused(await fetch(base + path))
    await expectRefused(await fetch(`${base}/graphql`, { method: 'OPTIONS' }))
  })

  it('tells everybody whether it is well', async () => {
    expect(await (await fetch(`${base}/health`)).json()).toEqual({ status: 'ok' })
    expect(await (await fetch(`${base}/ready?x=1`)).json()).toEqual({ status: 'ok', parts: {} })
  })

  it('opens to other services only what is for them', async () => {
    expect((await keys.fetch('workflow', `${base}/shared`, {}, 'telemetry')).status).toBe(200)
    await expectRefused(await keys.fetch('workflow', `${base}/shared/`, {}, 'telemetry'))
    await expectRefused(await keys.fetch('workflow', `${base}/graphql`, post('{ hello }'), 'telemetry'))
    await expectRefused(await keys.fetch('workflow', `${base}/graphql`, post('{ hello }'), 'workflow'))
  })

  it('refuses a body that is not the one signed for, or of which nobody signed the digest', async () => {
    const headers = { 'content-type': 'application/json', 'user-agent': 'test' }
    const sign = (body?: string) =>
      signRequest(
        keys.keyOf('gateway'),
        { method: 'POST', path: '/graphql', headers, ...(body && { body }) },
        { audience: 'workflow' },
      )
    const send = (signature: object) =>
      fetch(`${base}/graphql`, { ...post('{ hello }'), headers: { ...headers, ...signature } as Record<string, string> })
    await expectRefused(await send(sign('{"query":"{ other }"}')))
    await expectRefused(await send(sign()))
    expect((await send(sign(post('{ hello }').body))).status).toBe(200)
  })

  it('refuses the same request a second time', async () => {
    const request = { method: 'GET', path: '/artifacts/1', headers: { 'user-agent': 'test' } }
    const headers = { ...request.headers, ...signRequest(keys.keyOf('gateway'), request, { audience: 'workflow' }) }
    expect((await fetch(`${base}/artifacts/1`, { headers })).status).toBe(200)
    await expectRefused(await fetch(`${base}/artifacts/1`, { headers }))
  })

  it('refuses to open a socket for a stranger', async () => {
    const upgrade = (more: Record<string, string>) =>
      new Promise<string>((resolve, reject) => {
        const lines = Object.entries(more).map(([name, value]) => `${name}: ${value}\r\n`)
        const socket = connect(Number(new URL(base).port), '127.0.0.1', () =>
          socket.write(
            'GET /graphql HTTP/1.1\r\nhost: x\r\nupgrade: websocket\r\nconnection: upgrade\r\nsec-websocket-version: 13\r\n' +
              `sec-websocket-key: ${Buffer.alloc(16).toString('base64')}\r\nsec-websocket-protocol: graphql-transport-ws\r\n` +
              `${lines.join('')}\r\n`,
          ),
        )
        socket.once('data', (chunk) => (socket.destroy(), resolve(String(chunk)))).once('error', reject)
      })
    expect(await upgrade({})).toMatch(/^HTTP\/1.1 401 [^]*"UNAUTHENTICATED"/)
    const request = { method: 'GET', path: '/graphql', headers: {} }
    expect(await upgrade(signRequest(keys.keyOf('gateway'), request, { audience: 'workflow' }))).toMatch(/^HTTP\/1.1 101 /)
  })

  it('answers in JSON to a body that is none', async () => {
    const response = await keys.fetch('workflow', `${base}/graphql`, { method: 'POST', body: '{' })
    expect(response.status).toBe(400)
    expect(await response.json()).toEqual({
      errors: [{ message: 'The request cannot be read.', extensions: { code: 'BAD_REQUEST' } }],
    })
  })
})

describe('mutual TLS', () => {
  let authority: Authority
  let other: Authority
  let app: FastifyInstance
  let gateway: ServiceTls
  let stranger: ServiceTls
  beforeAll(async () => {
    authority = new Authority()
    other = new Authority()
    app = await start(authority.certify('workflow'))
    gateway = authority.certify('gateway')
    stranger = { ...other.certify('gateway'), ca: gateway.ca }
  })
  afterAll(async () => {
    await app.close()
    for (const one of [authority, other]) one[Symbol.dispose]()
  })

  const ask = async (tls: ServiceTls | null, path = '/artifacts/1') =>
    (await callService(identity('gateway', tls), 'workflow', app.listeningOrigin + path)).statusCode

  it('lets in who shows a certificate of the right authority and signs, and nobody else', async () => {
    expect(app.listeningOrigin).toMatch(/^https:/)
    expect(await ask(gateway)).toBe(200)
    await expect(ask(stranger)).rejects.toThrow()
    await expect(ask({ ca: gateway.ca } as ServiceTls)).rejects.toThrow()
    await expect(ask({ ca: gateway.ca } as ServiceTls, '/health')).rejects.toThrow()
    await expect(ask(null)).rejects.toThrow()
    const unsigned = { ...identity('gateway', gateway), key: null }
    expect((await callService(unsigned, 'workflow', `${app.listeningOrigin}/artifacts/1`)).statusCode).toBe(401)
  })
})

describe('the identity of a service', () => {
  const env = { SERVICE_KEY: parseServiceKey(keys.envOf('auth').SERVICE_KEY), TRUSTED_CALLERS: identity('auth').trustedCallers! }

  it('is demanded of every service that is no test', () => {
    expect(identityOf('auth', env)).toMatchObject({ name: 'auth', tls: null })
    expect(() => identityOf('auth', { NODE_ENV: 'production' })).toThrow(EnvError)
    expect(() => identityOf('auth', { SERVICE_KEY: env.SERVICE_KEY })).toThrow('answers to no stranger')
    expect(identityOf('auth', { NODE_ENV: 'test' })).toMatchObject({ trustedCallers: null })
  })

  it('has the name of its key, and a whole set of certificates', () => {
    expect(() => identityOf('workflow', env)).toThrow('its kid is auth, but this is workflow')
    expect(() => identityOf('auth', { ...env, TLS_CERT: 'a' })).toThrow('set all or none')
  })
})
