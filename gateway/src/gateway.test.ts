import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import { createGateway } from './gateway.ts'
import { codesOf, post, Received, socketClient, until } from './testkit/client.ts'
import { composeSupergraph, gatewayConfig, Started, startPlatform } from './testkit/platform.ts'
import { SubgraphServer } from './testkit/subgraph-server.ts'
import { Authority } from '@signalbox/shared/testing/authority'
import { PushIterator } from '@signalbox/shared/push-iterator'
import { readGatewayEnv } from './env.ts'

const started = new Started()
afterEach(() => started.stopAll())

const LINK = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])'

describe('a supergraph of somebody else', () => {
  const products = new SubgraphServer(
    {
      name: 'products',
      sdl: `${LINK} type Query { products: [Product!]! } type Subscription { priceChanged: Product! } type Product @key(fields: "upc") { upc: ID! price: Int! }`,
      resolvers: {
        Query: { products: () => [{ upc: '1', price: 10 }] },
        Product: { __resolveReference: ({ upc }: { upc: string }) => ({ upc, price: 10 }) },
        Subscription: {
          priceChanged: {
            subscribe: () => {
              const prices = new PushIterator<{ upc: string; price: number }>()
              for (const price of [11, 12]) prices.push({ upc: '1', price })
              prices.end()
              return prices
            },
            resolve: (product: unknown) => product,
          },
        },
      },
    },
    null,
  )
  const reviews = new SubgraphServer(
    {
      name: 'reviews',
      sdl: `${LINK} type Query { top: Product } type Product @key(fields: "upc") { upc: ID! stars: Int }`,
      resolvers: {
        Query: { top: () => ({ upc: '1' }) },
        Product: { __resolveReference: ({ upc }: { upc: string }) => ({ upc, stars: 5 }) },
      },
    },
    null,
  )
  beforeAll(async () => void (await Promise.all([products.start(), reviews.start()])))
  afterAll(async () => void (await Promise.all([products.stop(), reviews.stop()])))

  it('is served without an issuer: everything is open, no token is believed', async () => {
    const gateway = await started.keep(createGateway(gatewayConfig(composeSupergraph([products, reviews]), null)))
    expect((await post({ gateway }, '{ products { upc price stars } top { price } }')).body).toEqual({
      data: { products: [{ upc: '1', price: 10, stars: 5 }], top: { price: 10 } },
    })
    expect((await post({ gateway }, '{ __schema { queryType { name } } }')).body.errors).toBeUndefined()
    expect(codesOf(await post({ gateway }, '{ top { price } }', { token: 'a.b.c' }))).toEqual(['UNAUTHENTICATED'])
    expect((await fetch(`${gateway.address}/oidc/token`)).status).toBe(404)
    const received = new Received(socketClient({ gateway }), 'subscription { priceChanged { upc price stars } }')
    expect(await received.end).toBe('complete')
    expect(received.events).toEqual([11, 12].map((price) => ({ data: { priceChanged: { upc: '1', price, stars: 5 } } })))
  })

  it('is asked at the addresses of the environment', async () => {
    const moved = composeSupergraph([products, reviews]).replace(reviews.url, 'http://127.0.0.1:9/graphql')
    const config = gatewayConfig(moved, null)
    const lost = await started.keep(createGateway(config))
    expect(codesOf(await post({ gateway: lost }, '{ products { stars } }'))).toEqual(['UNAVAILABLE'])
    const found = await started.keep(createGateway({ ...config, subgraphUrls: { REVIEWS: reviews.url } }))
    expect((await post({ gateway: found }, '{ products { stars } }')).body).toEqual({ data: { products: [{ stars: 5 }] } })
  })
})

describe('a gateway', () => {
  it('starts while every subgraph is down, and serves when they come', async () => {
    const platform = await started.keep(startPlatform())
    const token = await platform.issuer.sign()
    await Promise.all([platform.auth.stop(), platform.workflow.stop(), platform.telemetry.stop()])
    const gateway = await started.keep(createGateway(gatewayConfig(platform.supergraphSdl, platform.issuer)))
    expect((await fetch(`${gateway.address}/health`)).status).toBe(200)
    expect((await fetch(`${gateway.address}/ready`)).status).toBe(503)
    expect(codesOf(await post({ gateway }, '{ runs { id } }', { token }))).toEqual(['UNAVAILABLE'])
    await platform.workflow.start()
    await until('runs', async () => (await post({ gateway }, '{ runs { id } }', { token })).body.data?.['runs']?.length === 2)
  })

  it('refuses a text that is no supergraph', async () => {
    await expect(createGateway(gatewayConfig('type Query { a: Int }', null))).rejects.toThrow()
  })

  it('tells nothing of the schema in production', async () => {
    const platform = await started.keep(startPlatform({ nodeEnv: 'production' }))
    const token = await platform.issuer.sign({ scope: 'wrm:read org:admin' })
    expect(codesOf(await post(platform, '{ __type(name: "Run") { name } }', { token }))).toEqual(['GRAPHQL_VALIDATION_FAILED'])
  })
})

describe('mutual TLS', () => {
  it('carries every kind of call to the subgraphs, and none without a certificate', async () => {
    const authority = new Authority()
    const [gatewayTls, tls] = [authority.certify('gateway'), authority.certify('subgraph')]
    authority[Symbol.dispose]()
    const identity = { ...gatewayConfig('', null).identity, tls: gatewayTls }
    const platform = await started.keep(startPlatform({ identity }, tls))
    const token = await platform.issuer.sign()
    expect(platform.workflow.url).toMatch(/^https:/)
    const federated = {
      runs: [
        { id: 'r1', cost: { total: 0.01 } },
        { id: 'r2', cost: { total: 0.02 } },
      ],
    }
    expect((await post(platform, '{ runs { id cost { total } } }', { token })).body).toEqual({ data: federated })
    const upload = await fetch(`${platform.gateway.address}/artifacts/a`, {
      method: 'PUT',
      headers: { authorization: `Bearer ${token}` },
      body: 'hello',
    })
    expect(await upload.json()).toMatchObject({ bytes: 5 })
    const received = new Received(socketClient(platform, token), 'subscription { runTransitions(runId: "r1", after: 1) { seq } }')
    expect((await received.atLeast(1))[0]).toEqual({ data: { runTransitions: { seq: 2 } } })
    expect((await fetch(`${platform.gateway.address}/ready`)).status).toBe(200)

    const without = { ...identity, tls: { ca: gatewayTls.ca } as typeof gatewayTls }
    const stranger = await started.keep(
      createGateway({ ...gatewayConfig(platform.supergraphSdl, platform.issuer), identity: without }),
    )
    expect(codesOf(await post({ gateway: stranger }, '{ runs { id } }', { token }))).toEqual(['UNAVAILABLE'])
  })
})

describe('the environment', () => {
  it('needs no more than nothing', () => {
    expect(readGatewayEnv({})).toMatchObject({
      port: 4000,
      publicUrl: 'http://127.0.0.1:4000',
      tokens: null,
      nodeEnv: 'production',
    })
  })

  it('names addresses of subgraphs', () => {
    expect(readGatewayEnv({ SUBGRAPH_AUTH_URL: 'http://auth:4001/graphql' }).subgraphUrls).toEqual({
      AUTH: 'http://auth:4001/graphql',
    })
  })

  it.each([{ PORT: '70000' }, { ISSUER: 'http://a.test' }, { SUBGRAPH_AUTH_URL: 'auth:4001' }, { PUBLIC_URL: 'ftp://a.test' }])(
    'refuses %j by name',
    (source) => {
      expect(() => readGatewayEnv(source as unknown as Record<string, string>)).toThrow(Object.keys(source)[0]!)
    },
  )
})
