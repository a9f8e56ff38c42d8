import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { once } from 'node:events'
import { WebSocket } from 'ws'
import { Received, socketClient, until } from '../testkit/client.ts'
import { PUBLIC_URL, startPlatform, type Platform } from '../testkit/platform.ts'

let platform: Platform
let token: string

beforeAll(async () => {
  platform = await startPlatform()
  token = await platform.issuer.sign()
})
afterAll(() => platform[Symbol.asyncDispose]())

const TRANSITIONS = `subscription ($runId: ID!, $after: Int) {
  runTransitions(runId: $runId, after: $after) { seq run { status cost { total } startedBy { name } } }
}`
const transition = (seq: number) => ({
  data: { runTransitions: { seq, run: { status: 'RUNNING', cost: { total: seq / 100 }, startedBy: { name: 'Ada' } } } },
})
const subscribed = (count = 1) => until(`${count} subscribers`, () => platform.transitions.subscribers.size === count)

describe('a federated subscription', () => {
  it('fills in the fields of other subgraphs, in the order of the events', async () => {
    const client = socketClient(platform, token)
    const received = new Received(client, TRANSITIONS, { runId: 'r1' })
    await subscribed()
    platform.transitions.send(1, 2, 3, 4, 5)
    expect(await received.atLeast(5)).toEqual([1, 2, 3, 4, 5].map(transition))
    received.stop()
    await subscribed(0)
    await client.dispose()
  })

  it('resumes after the number that it is given', async () => {
    const client = socketClient(platform, token)
    const received = new Received(client, TRANSITIONS, { runId: 'r1', after: 4 })
    expect(await received.atLeast(3)).toEqual([5, 6, 7].map(transition))
    await client.dispose()
    await subscribed(0)
  })

  it('goes through the cookie of the dashboard', async () => {
    const client = socketClient(platform, undefined, { cookie: `signalbox-access=${token}`, origin: PUBLIC_URL })
    const received = new Received(client, 'subscription { runTransitions(runId: "r1", after: 1) { seq } }')
    expect((await received.atLeast(1))[0]).toEqual({ data: { runTransitions: { seq: 2 } } })
    await client.dispose()
    await subscribed(0)
  })

  it('goes on with null and UNAVAILABLE while another subgraph is down', async () => {
    const client = socketClient(platform, token)
    const received = new Received(client, TRANSITIONS, { runId: 'r1' })
    await subscribed()
    await platform.telemetry.stop()
    platform.transitions.send(1)
    const [event] = await received.atLeast(1)
    expect(event.data.runTransitions).toEqual({ seq: 1, run: { status: 'RUNNING', cost: null, startedBy: { name: 'Ada' } } })
    expect(event.errors).toMatchObject([
      { path: ['runTransitions', 'run', 'cost'], extensions: { code: 'UNAVAILABLE', service: 'telemetry' } },
    ])
    await platform.telemetry.start()
    platform.transitions.send(2)
    expect((await received.atLeast(2))[1]).toEqual(transition(2))
    await client.dispose()
    await subscribed(0)
  })

  it('lets the upstream go at once when the client vanishes', async () => {
    const socket = await openSocket()
    socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload: { query: TRANSITIONS, variables: { runId: 'r1' } } }))
    await subscribed()
    socket.terminate()
    await subscribed(0)
  })

  it('closes the socket with 1012 when the upstream is lost, so that the client comes again', async () => {
    const client = socketClient(platform, token)
    const received = new Received(client, TRANSITIONS, { runId: 'r1' })
    await subscribed()
    await platform.workflow.stop()
    expect(await received.end).toBe(1012)
    const meanwhile = new Received(socketClient(platform, token), TRANSITIONS, { runId: 'r1' })
    expect(await meanwhile.end).toBe(1012)
    await platform.workflow.start()
    platform.transitions.subscribers.clear()
    const again = socketClient(platform, token)
    expect(await new Received(again, TRANSITIONS, { runId: 'r1', after: 7 }).atLeast(1)).toEqual(
      [8, 9, 10].slice(0, 1).map(transition),
    )
    await again.dispose()
    await subscribed(0)
  })

  it('is refused as the subgraph refuses it', async () => {
    const client = socketClient(platform, token)
    const received = new Received(client, TRANSITIONS, { runId: 'gone' })
    expect(await received.end).toMatchObject([{ message: 'There is no such run.', extensions: { code: 'NOT_FOUND' } }])
    await client.dispose()
  })

  it('runs queries on the same socket', async () => {
    const client = socketClient(platform, token)
    const received = new Received(client, '{ runs { id } }')
    expect(await received.end).toBe('complete')
    expect(received.events).toEqual([{ data: { runs: [{ id: 'r1' }, { id: 'r2' }] } }])
    await client.dispose()
  })
})

describe('a subscription that may not be', () => {
  it.each([
    ['not GraphQL', 'subscription {', 'GRAPHQL_PARSE_FAILED'],
    ['of an unknown field', 'subscription { runz }', 'GRAPHQL_VALIDATION_FAILED'],
    ['of two root fields', 'subscription { ticks again: ticks }', 'GRAPHQL_VALIDATION_FAILED'],
    [
      'too wide',
      `subscription { runTransitions(runId: "r1") { run { ${'id '.repeat(10)} ${Array.from({ length: 51 }, (_, i) => `a${i}: id`).join(' ')} } } }`,
      'QUERY_TOO_COMPLEX',
    ],
    ['without its variable', TRANSITIONS, 'BAD_USER_INPUT'],
  ])('%s gets an error message with its code', async (_name, query, code) => {
    const client = socketClient(platform, token)
    const errors = (await new Received(client, query).end) as { extensions: object }[]
    expect(errors[0]!.extensions).toMatchObject({ code })
    expect(errors[0]!.extensions).not.toHaveProperty('http')
    await client.dispose()
  })

  it('for want of a scope names the field; for want of a token says so; neither asks the subgraph', async () => {
    const before = platform.workflow.requests.length
    const reader = socketClient(platform, await platform.issuer.sign({ scope: 'kpi:read' }))
    expect(await new Received(reader, TRANSITIONS, { runId: 'r1' }).end).toMatchObject([
      { path: ['runTransitions'], extensions: { code: 'FORBIDDEN' } },
    ])
    const nobody = socketClient(platform)
    expect(await new Received(nobody, TRANSITIONS, { runId: 'r1' }).end).toMatchObject([
      { extensions: { code: 'UNAUTHENTICATED' } },
    ])
    expect(platform.workflow.requests.length).toBe(before)
    await Promise.all([reader.dispose(), nobody.dispose()])
  })
})

describe('a socket', () => {
  it('is closed with 4403 for a token that does not hold', async () => {
    for (const bad of [
      await platform.issuer.forge(),
      await platform.issuer.sign({ lifetime: -5 }),
      await platform.issuer.sign({ audience: 'x' }),
    ]) {
      expect(await new Received(socketClient(platform, bad), TRANSITIONS, { runId: 'r1' }).end).toBe(4403)
    }
  })

  it('is closed with 4403 when only a refresh cookie is left', async () => {
    const client = socketClient(platform, undefined, { cookie: 'signalbox-refresh=r', origin: PUBLIC_URL })
    expect(await new Received(client, TRANSITIONS, { runId: 'r1' }).end).toBe(4403)
  })

  it('is closed with 4403 half a minute before its token ends', async () => {
    const short = await platform.issuer.sign({ lifetime: 31 })
    const received = new Received(socketClient(platform, short), TRANSITIONS, { runId: 'r1' })
    expect(await received.end).toBe(4403)
    await subscribed(0)
  })

  it('is not opened to a foreign page', async () => {
    const socket = new WebSocket(address(), 'graphql-transport-ws', {
      origin: 'https://evil.example',
      headers: { cookie: `signalbox-access=${token}` },
    })
    const [, response] = (await once(
      socket.on('error', () => {}),
      'unexpected-response',
    )) as [unknown, { statusCode: number; on: Function }]
    expect(response.statusCode).toBe(403)
  })

  it('does not count cookies without an origin', async () => {
    const client = socketClient(platform, undefined, { cookie: `signalbox-access=${token}` })
    expect(await new Received(client, TRANSITIONS, { runId: 'r1' }).end).toMatchObject([
      { extensions: { code: 'UNAUTHENTICATED' } },
    ])
    await client.dispose()
  })

  it('survives a client that does not read: the source is held, nothing is lost', async () => {
    const socket = await openSocket()
    const seen: number[] = []
    socket.on('message', (data) => {
      const message = JSON.parse((data as Buffer).toString())
      if (message.type === 'next') seen.push(message.payload.data.pages.seq)
    })
    socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload: { query: 'subscription { pages { seq text } }' } }))
    await subscribed()
    socket.pause()
    platform.transitions.send(...Array.from({ length: 2_500 }, (_, index) => index + 1))
    await new Promise((resolve) => setTimeout(resolve, 300))
    socket.resume()
    await until('all events', () => seen.length === 2_500)
    expect(seen).toEqual(Array.from({ length: 2_500 }, (_, index) => index + 1))
    socket.terminate()
    await subscribed(0)
  })
})

describe('a gateway that goes down', () => {
  it('closes its sockets with 1012', async () => {
    const other = await startPlatform()
    const client = socketClient(other, await other.issuer.sign())
    const received = new Received(client, TRANSITIONS, { runId: 'r1' })
    await until('a subscriber', () => other.transitions.subscribers.size === 1)
    await other[Symbol.asyncDispose]()
    expect(await received.end).toBe(1012)
  })
})

const address = () => `${platform.gateway.address.replace('http', 'ws')}/graphql`

async function openSocket(): Promise<WebSocket> {
  const socket = new WebSocket(address(), 'graphql-transport-ws')
  await once(socket, 'open')
  socket.send(JSON.stringify({ type: 'connection_init', payload: { authorization: `Bearer ${token}` } }))
  await once(socket, 'message')
  return socket
}
