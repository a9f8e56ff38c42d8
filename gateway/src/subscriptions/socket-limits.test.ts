import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import { request as httpRequest } from 'node:http'
import type { EdgeSettings } from '../edge/settings.ts'
import { createGateway, type Gateway } from '../gateway.ts'
import { Received, socketClient } from '../testkit/client.ts'
import { gatewayConfig, Started, startPlatform, type Platform } from '../testkit/platform.ts'

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
function gatewayWith(edge: Partial<EdgeSettings>): Promise<Gateway> {
  const config = gatewayConfig(platform.supergraphSdl, platform.issuer)
  return started.keep(createGateway({ ...config, edge: { ...config.edge, ...edge } }))
}

/** So many, and no more for as long as a test takes. */
const only = (burst: number) => ({ perSecond: 1 / 60, burst })

describe('sockets', () => {
  const upgrade = ({ address }: Gateway, headers: Record<string, string> = {}) =>
    new Promise<{ status: number; body: string }>((resolve, reject) => {
      const all = { connection: 'upgrade', upgrade: 'websocket', ...headers }
      const request = httpRequest(new URL('/graphql', address), { headers: all }, (response) => {
        let body = ''
        response.on('data', (chunk) => (body += String(chunk)))
        response.on('end', () => resolve({ status: response.statusCode!, body }))
      })
      request.on('error', reject).end()
    })
  const sockets = (limits: Partial<EdgeSettings['sockets']>) => ({
    sockets: { ...gatewayConfig('', null).edge.sockets, ...limits },
  })

  it('of one address are counted, and the next is refused with 429', async () => {
    const gateway = await gatewayWith(sockets({ perAddress: 1 }))
    const client = socketClient({ gateway }, token)
    const held = new Received(client, 'subscription { runTransitions(runId: "r1", after: 1) { seq } }')
    await held.atLeast(1)
    const { status, body } = await upgrade(gateway)
    expect(status).toBe(429)
    expect(JSON.parse(body)).toEqual({
      errors: [
        { message: 'Too many attempts. Try again in 10 seconds.', extensions: { retryAfterSeconds: 10, code: 'RATE_LIMITED' } },
      ],
    })
    await client.dispose()
    await expect(held.end).resolves.toBeDefined()
  })

  it('of one actor are counted, and the next is asked to come again later', async () => {
    const gateway = await gatewayWith(sockets({ perIdentity: 1 }))
    const held = new Received(socketClient({ gateway }, token), 'subscription { runTransitions(runId: "r1", after: 1) { seq } }')
    await held.atLeast(1)
    expect(await new Received(socketClient({ gateway }, token), 'subscription { ticks }').end).toBe(1013)
    const other = await platform.issuer.sign({ subject: 'u2' })
    const theirs = new Received(
      socketClient({ gateway }, other),
      'subscription { runTransitions(runId: "r1", after: 1) { seq } }',
    )
    await theirs.atLeast(1)
    held.stop()
    theirs.stop()
  })

  it('that send too fast are closed', async () => {
    const gateway = await gatewayWith(sockets({ messages: only(3) }))
    const client = socketClient({ gateway }, token)
    const received = Array.from({ length: 4 }, () => new Received(client, 'subscription { ticks }'))
    expect(await received[0]!.end).toBe(1008)
  })

  it('that send too much at once are closed', async () => {
    const query = `subscription { ticks } #${'x'.repeat(256 * 1024)}`
    expect(await new Received(socketClient(platform, token), query).end).toBe(1009)
  })

  it('are open to pages of the list and to our own', async () => {
    const gateway = await gatewayWith({ corsOrigins: ['https://app.example'] })
    for (const [origin, status] of [
      ['https://evil.example', 403],
      ['null', 403],
    ] as const)
      expect((await upgrade(gateway, { origin })).status).toBe(status)
    for (const origin of ['https://app.example', 'http://signalbox.test']) {
      const received = new Received(
        socketClient({ gateway }, token, { origin }),
        'subscription { runTransitions(runId: "r1", after: 1) { seq } }',
      )
      await received.atLeast(1)
      received.stop()
    }
  })

  it('count for their address with each subscription, before it is read', async () => {
    const gateway = await gatewayWith({ rates: { ...gatewayConfig('', null).edge.rates, address: only(2) } })
    const client = socketClient({ gateway }, token)
    const first = new Received(client, 'subscription { ticks }')
    const second = new Received(client, 'subscription {')
    expect(await second.end).toMatchObject([{ extensions: { code: 'RATE_LIMITED', retryAfterSeconds: 60 } }])
    first.stop()
  })
})
