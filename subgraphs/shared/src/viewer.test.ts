import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals'
import type { FastifyInstance } from 'fastify'
import { buildSchema } from 'graphql'
import { createLogger } from './logger.ts'
import { encodeOrganizations } from './organization-list.ts'
import { RevocationList } from './revocations.ts'
import { createServer } from './server.ts'
import { BAD_TOKENS } from './testing/bad-tokens.ts'
import { AUDIENCE, goodClaims, ISSUER, sign, signingPair, TokenIssuer } from './testing/token-issuer.ts'
import { createTokenVerifier } from './viewer.ts'

let issuer: TokenIssuer
/** Where an attacker’s keys lie: nobody may ask there. */
let trap: TokenIssuer
beforeAll(async () => {
  ;[issuer, trap] = await Promise.all([TokenIssuer.start(), TokenIssuer.start()])
})
afterAll(() => Promise.all([issuer[Symbol.asyncDispose](), trap[Symbol.asyncDispose]()]))

/** What one test starts. */
let stack: AsyncDisposableStack
beforeEach(() => void (stack = new AsyncDisposableStack()))
afterEach(() => stack.disposeAsync())
const startIssuer = async () => stack.use(await TokenIssuer.start())

const verifierOf = (from: TokenIssuer, revocations?: RevocationList) =>
  createTokenVerifier({ jwksUrl: from.jwksUrl, issuer: ISSUER, audience: AUDIENCE, revocations })
const INVALID = { message: 'The access token is not valid.', extensions: { code: 'UNAUTHENTICATED' } }

describe('an access token', () => {
  it('says who calls, where, with which scopes, since when and until when', async () => {
    const claims = goodClaims()
    const token = await sign(issuer.own, { ...claims, role: 'CLIENT_OWNER', scope: 'wrm:read kb:read' })
    expect(await verifierOf(issuer)(`Bearer ${token}`)).toEqual({
      actorId: claims.sub,
      actorKind: 'USER',
      organizationId: claims['org'],
      organizationIds: [claims['org']],
      role: 'CLIENT_OWNER',
      scopes: new Set(['wrm:read', 'kb:read']),
      sessionId: claims['sid'],
      issuedAt: claims.iat,
      expiresAt: claims.exp,
      keyId: 'own',
      token,
    })
  })

  it('is nobody’s when there is none', async () => {
    expect(await verifierOf(issuer)(undefined)).toBeNull()
    expect(await verifierOf(issuer)('')).toBeNull()
  })

  it.each(['Bearer', 'Bearer ', 'Basic dXNlcjpw', 'Bearer a b', 'a.b.c', 'Bearer a.b.c, Bearer a.b.c'])(
    'is not believed in the form “%s”',
    async (authorization) => {
      await expect(verifierOf(issuer)(authorization)).rejects.toMatchObject(INVALID)
    },
  )

  it('carries 200 organisations in less than 6,500 characters, and 400 within the limit', async () => {
    const ids = Array.from({ length: 400 }, () => crypto.randomUUID())
    for (const [count, characters] of [
      [200, 6_500],
      [400, 12_288],
    ] as const) {
      const listed = ids.slice(0, count)
      const token = await sign(issuer.own, { ...goodClaims(), orgs: encodeOrganizations(listed), role: 'AGENCY_ADMIN' })
      expect(token.length).toBeLessThan(characters)
      expect((await verifierOf(issuer)(`Bearer ${token}`))!.organizationIds).toEqual([goodClaims()['org'], ...listed])
    }
  })
})

describe('a subgraph', () => {
  let server: FastifyInstance
  let address: string
  beforeAll(async () => {
    const sdl = 'type Query { me: String }'
    server = await createServer({
      subgraph: { schema: buildSchema(sdl), sdl },
      log: createLogger('test', 'silent'),
      verifyToken: verifierOf(issuer),
      createContext: ({ viewer }) => ({ viewer }),
    })
    address = await server.listen({ host: '127.0.0.1', port: 0 })
  })
  afterAll(() => server.close())

  const ask = (token: string) =>
    fetch(`${address}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: '{"query":"{ me }"}',
    })

  it('takes a token that is right', async () => {
    const answer = await ask(await sign(issuer.own))
    expect({ status: answer.status, body: await answer.json() }).toEqual({ status: 200, body: { data: { me: null } } })
  })

  it.each(BAD_TOKENS)('refuses a token that %s', async (_name, make) => {
    const answer = await ask(await make(issuer, trap.origin))
    expect({ status: answer.status, body: await answer.json() }).toEqual({ status: 401, body: { errors: [INVALID] } })
    expect(trap.requests).toEqual([])
  })
})

describe('a subgraph’s socket', () => {
  it('is closed with 4403 when its token is revoked, and only then', async () => {
    const list = new RevocationList()
    const revocations = {
      isRevoked: list.isRevoked.bind(list),
      onRevoked: list.onRevoked.bind(list),
      check: async () => {},
    }
    const sdl = 'type Query { me: String }'
    const server = await createServer({
      subgraph: { schema: buildSchema(sdl), sdl },
      log: createLogger('test', 'silent'),
      verifyToken: verifierOf(issuer, list),
      createContext: ({ viewer }) => ({ viewer }),
      revocations,
    })
    stack.defer(() => server.close())
    const address = (await server.listen({ host: '127.0.0.1', port: 0 })).replace('http', 'ws')
    const open = async (token: string) => {
      const socket = new WebSocket(`${address}/graphql`, 'graphql-transport-ws')
      await new Promise((resolve) => socket.addEventListener('open', resolve))
      const answered = new Promise((resolve) => socket.addEventListener('message', resolve, { once: true }))
      socket.send(JSON.stringify({ type: 'connection_init', payload: { authorization: `Bearer ${token}` } }))
      await answered
      return socket
    }
    const claims = goodClaims()
    const [ended, other] = [await open(await sign(issuer.own, claims)), await open(await sign(issuer.own))]
    const closed = new Promise<CloseEvent>((resolve) => ended.addEventListener('close', resolve))
    list.add({ subject: `session:${String(claims['sid'])}`, revokedAt: 0, until: Infinity })
    expect((await closed).code).toBe(4403)
    expect(other.readyState).toBe(WebSocket.OPEN)
  })

  it('waits for no revocation when it was closed before its token was verified', async () => {
    const [asked, verified, forgotten] = [0, 1, 2].map(() => Promise.withResolvers<void>()) as [Gate, Gate, Gate]
    const sdl = 'type Query { me: String }'
    const server = await createServer({
      subgraph: { schema: buildSchema(sdl), sdl },
      log: createLogger('test', 'silent'),
      verifyToken: async (authorization) => {
        asked.resolve()
        await verified.promise
        return verifierOf(issuer)(authorization)
      },
      createContext: ({ viewer }) => ({ viewer }),
      revocations: { isRevoked: () => false, onRevoked: () => forgotten.resolve, check: async () => {} },
    })
    stack.defer(() => server.close())
    const gone = new Promise((resolve) => {
      server.websocketServer.on('connection', (socket) => socket.on('close', resolve))
    })
    const address = (await server.listen({ host: '127.0.0.1', port: 0 })).replace('http', 'ws')
    const socket = new WebSocket(`${address}/graphql`, 'graphql-transport-ws')
    await new Promise((resolve) => socket.addEventListener('open', resolve))
    socket.send(JSON.stringify({ type: 'connection_init', payload: { authorization: `Bearer ${await sign(issuer.own)}` } }))
    await asked.promise
    socket.close()
    await gone
    verified.resolve()
    await forgotten.promise
  })
})

type Gate = PromiseWithResolvers<void>

describe('a verified token', () => {
  it('is not verified again, and ends when it ends', async () => {
    const verify = verifierOf(issuer)
    const token = `Bearer ${await sign(issuer.own)}`
    const viewer = await verify(token)
    expect(await verify(token)).toBe(viewer)
    jest.useFakeTimers({ now: Date.now() + 301_000, doNotFake: ['nextTick', 'setImmediate', 'setTimeout'] })
    try {
      await expect(verify(token)).rejects.toMatchObject(INVALID)
    } finally {
      jest.useRealTimers()
    }
  })

  it('is refused as soon as it is revoked', async () => {
    const revocations = new RevocationList()
    const verify = verifierOf(issuer, revocations)
    const [mine, other] = [`Bearer ${await sign(issuer.own)}`, `Bearer ${await sign(issuer.own)}`]
    const { sessionId, actorId } = (await verify(mine))!
    await verify(other)
    revocations.add({ subject: `session:${sessionId}`, revokedAt: 0, until: Infinity })
    await expect(verify(mine)).rejects.toMatchObject(INVALID)
    expect(await verify(other)).not.toBeNull()
    revocations.add({ subject: `actor:${actorId}`, revokedAt: Date.now() / 1000, until: Infinity })
    await expect(verify(other)).rejects.toMatchObject(INVALID)
    expect(await verify(`Bearer ${await sign(issuer.own, { ...goodClaims(), iat: Date.now() / 1000 + 1 })}`)).not.toBeNull()
  })

  it('is refused when its key is retired: within half a minute by the JWKS, at once by its revocation', async () => {
    const own = await startIssuer()
    const revocations = new RevocationList()
    const verify = verifierOf(own, revocations)
    const [next, spare] = await Promise.all([signingPair('next'), signingPair('spare')])
    own.publish(own.own, next, spare)
    const tokens = await Promise.all([own.own, next, spare].map(async (pair) => `Bearer ${await sign(pair)}`))
    for (const token of tokens) expect(await verify(token)).not.toBeNull()

    own.publish(next, spare)
    jest.useFakeTimers({ now: Date.now() + 31_000, doNotFake: ['nextTick', 'setImmediate', 'setTimeout'] })
    try {
      const asked = own.requests.length
      await verify(tokens[1])
      while (own.requests.length === asked) await new Promise((resolve) => setImmediate(resolve))
      await expect(untilRefused(() => verify(tokens[0]))).resolves.toMatchObject(INVALID)
    } finally {
      jest.useRealTimers()
    }
    expect(await verify(tokens[1])).not.toBeNull()
    revocations.add({ subject: 'key:next', revokedAt: 0, until: Infinity })
    await expect(verify(tokens[1])).rejects.toMatchObject(INVALID)
    expect(await verify(tokens[2])).not.toBeNull()
  })

  it('of an unknown key has the keys read again, once a second at most', async () => {
    const own = await startIssuer()
    const verify = verifierOf(own)
    await verify(`Bearer ${await sign(own.own)}`)
    const stranger = await signingPair('stranger')
    for (let n = 0; n < 20; n += 1) await verify(`Bearer ${await sign(stranger)}`).catch(() => {})
    expect(own.requests.length).toBeLessThanOrEqual(2)
  })

  it('is nobody’s fault when the keys cannot be read', async () => {
    const gone = await TokenIssuer.start()
    const token = await sign(gone.own)
    const verify = verifierOf(gone)
    await gone[Symbol.asyncDispose]()
    await expect(verify(`Bearer ${token}`)).rejects.toMatchObject({ extensions: { code: 'UNAVAILABLE', service: 'auth' } })
  })
})

async function untilRefused(verify: () => Promise<unknown>): Promise<unknown> {
  for (let tries = 0; tries < 1_000; tries += 1) {
    const error = await verify().then(
      () => undefined,
      (refusal: unknown) => refusal,
    )
    if (error !== undefined) return error
    await new Promise((resolve) => setImmediate(resolve))
  }
  return undefined
}
