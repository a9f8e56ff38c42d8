import { beforeAll, describe, expect, it } from '@jest/globals'
import { parseServiceKey, signRequest } from '@signalbox/shared/service-credential'
import { DEMO } from '@signalbox/shared/demo'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { WebSocket } from 'ws'
import { bearerOf, signIn } from './testkit/session.ts'

const env = JSON.parse(process.env['SIGNALBOX_GATEWAY_ENV'] ?? '{}') as Record<string, string>
const SUBGRAPHS = ['auth', 'workflow', 'telemetry'] as const
const addressOf = (name: string) => env[`SUBGRAPH_${name.toUpperCase()}_URL`]!
const keyOf = (name: string) =>
  parseServiceKey(readFileSync(join(process.env['SIGNALBOX_DATA_DIR']!, 'secrets', `service-key-${name}`), 'utf8'))

const REFUSED = {
  errors: [
    {
      message: "This service answers to Signalbox's own services only. Ask the gateway.",
      extensions: { code: 'UNAUTHENTICATED' },
    },
  ],
}

describe.each(SUBGRAPHS)('the subgraph %s', (name) => {
  let authorization: string
  beforeAll(async () => {
    authorization = `Bearer ${bearerOf(await signIn(DEMO.users.owner)).token}`
  })

  async function expectRefused(path: string, init: RequestInit = {}) {
    const response = await fetch(new URL(path, addressOf(name)), init)
    expect([path, response.status, await response.json()]).toEqual([path, 401, REFUSED])
  }

  it('refuses a person with a token that holds, whatever is asked for', async () => {
    const headers = { 'content-type': 'application/json', authorization }
    for (const query of [
      '{ __typename }',
      '{ _service { sdl } }',
      '{ __schema { types { name } } }',
      '{ _entities(representations: [{ __typename: "Run", id: "0190a000-0000-7000-8000-000000000001" }]) { __typename } }',
      'mutation { signOut }',
    ])
      await expectRefused('/graphql', { method: 'POST', headers, body: JSON.stringify({ query }) })
    for (const path of [
      '/oidc/jwks',
      '/oidc/token',
      '/.well-known/openid-configuration',
      '/revocations',
      '/artifacts/x',
      '/hooks/x',
      '/audit',
      '/',
    ])
      await expectRefused(path, { headers })
  })

  it('refuses another subgraph, though it signs with a key of its own', async () => {
    const other = SUBGRAPHS.find((one) => one !== name)!
    const body = JSON.stringify({ query: '{ __typename }' })
    const headers = { 'content-type': 'application/json', 'user-agent': 'other' }
    const request = { method: 'POST', path: '/graphql', headers, body }
    const signature = signRequest(keyOf(other), request, { audience: name })
    await expectRefused('/graphql', { method: 'POST', headers: { ...headers, ...signature }, body })
    const asGateway = signRequest(keyOf('gateway'), request, { audience: name })
    const answer = await fetch(addressOf(name), { method: 'POST', headers: { ...headers, ...asGateway }, body })
    expect(await answer.json()).toEqual({ data: { __typename: 'Query' } })
  })

  it('opens no socket for a stranger', async () => {
    const socket = new WebSocket(addressOf(name).replace('http', 'ws'), 'graphql-transport-ws')
    const error = await new Promise<Error>((resolve) => socket.once('error', resolve))
    expect(error.message).toBe('Unexpected server response: 401')
  })

  it('tells everybody whether it is well', async () => {
    for (const path of ['/health', '/ready']) {
      const response = await fetch(new URL(path, addressOf(name)))
      expect(await response.json()).toMatchObject({ status: 'ok' })
    }
  })
})
