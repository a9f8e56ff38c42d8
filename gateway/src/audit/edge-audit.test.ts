import { afterEach, describe, expect, it } from '@jest/globals'
import { post, Received, socketClient, until } from '../testkit/client.ts'
import { Started, startPlatform, type Platform } from '../testkit/platform.ts'

const started = new Started()
afterEach(() => started.stopAll())

const told = async (platform: Platform, count: number) => {
  await until(`${count} refusals told`, () => platform.denied.length >= count)
  return platform.denied.map(({ record }) => record)
}

describe('what the gateway refuses', () => {
  it('is told to the audit trail: scopes, tokens that do not hold, foreign pages and subgraphs’ own refusals, once each', async () => {
    const platform = await started.keep(startPlatform())
    const token = await platform.issuer.sign({ scope: 'wrm:read' })
    const headers = { 'x-request-id': 'request-0001' }
    await post(platform, 'query Costs { kpis }', { token, headers })
    await post(platform, 'query Forged { runs { id } }', { token: await platform.issuer.forge(), headers })
    await post(platform, 'query Refused { fails }', { token, headers })
    await post(platform, 'mutation SignOut { signOut }', { headers: { ...headers, cookie: 'signalbox-refresh=x' } })
    const records = await told(platform, 4)
    expect(records.map(({ action, operation, details }) => [action, operation, details])).toEqual([
      ['access.denied', 'Costs', { reason: 'scope', missing: 'kpi:read' }],
      ['token.refused', '/graphql', { reason: 'invalid' }],
      ['access.denied', 'Refused', { reason: 'rule' }],
      ['access.denied', '/graphql', { reason: 'page' }],
    ])
    expect(records[0]).toMatchObject({
      outcome: 'DENIED',
      actor: { kind: 'USER' },
      scopes: ['wrm:read'],
      requestId: 'request-0001',
      source: '127.0.0.0/24',
    })
    expect(platform.denied[0]!.organizationId).not.toBeNull()
    expect(platform.denied[1]!.organizationId).toBeNull()
  })

  it('is told of sockets too', async () => {
    const platform = await started.keep(startPlatform())
    const refused = new Received(socketClient(platform, await platform.issuer.forge()), 'subscription { ticks }')
    expect(await refused.end).toBe(4403)
    const token = await platform.issuer.sign({ scope: 'kpi:read' })
    await new Received(socketClient(platform, token), 'subscription Live { runTransitions(runId: "r1") { seq } }').end
    expect((await told(platform, 2)).map(({ action, operation }) => [action, operation])).toEqual([
      ['token.refused', '/graphql'],
      ['access.denied', 'Live'],
    ])
  })

  it('does not count somebody who is not signed in, or asks for what is not there', async () => {
    const platform = await startPlatform()
    await post(platform, '{ kpis }')
    await fetch(`${platform.gateway.address}/nowhere`)
    await platform[Symbol.asyncDispose]()
    expect(platform.denied).toEqual([])
  })

  it('is told when the gateway ends', async () => {
    const platform = await startPlatform()
    await post(platform, '{ kpis }', { token: await platform.issuer.sign({ scope: 'wrm:read' }) })
    await platform[Symbol.asyncDispose]()
    expect(platform.denied).toHaveLength(1)
  })

  it('waits for nobody: without telemetry the answer is the same', async () => {
    const platform = await started.keep(startPlatform())
    await platform.telemetry.stop()
    const { status, body } = await post(platform, '{ kpis }', { token: await platform.issuer.sign({ scope: 'wrm:read' }) })
    expect([status, body.errors?.[0]?.extensions]).toEqual([200, { code: 'FORBIDDEN' }])
    await platform.telemetry.start()
    await told(platform, 1)
  })
})
