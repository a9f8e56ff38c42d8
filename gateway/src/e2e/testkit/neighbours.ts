import { parseServiceKey, signRequest } from '@signalbox/shared/service-credential'
import { createClient, type Client } from 'graphql-ws'
import WebSocket from 'ws'
import type { Answer } from './session.ts'

/** The environment of the gateway under test: where its subgraphs are, and the key that they know it by. */
const env = JSON.parse(process.env['SIGNALBOX_GATEWAY_ENV'] ?? '{}') as Record<string, string>

export interface Call {
  query: string
  variables?: Record<string, unknown>
}

function addressOf(service: string): URL {
  const address = env[`SUBGRAPH_${service.toUpperCase()}_URL`]
  if (address === undefined) throw new Error('SIGNALBOX_GATEWAY_ENV is not set: run whole-system tests through "npm test"')
  return new URL(address)
}

/** Headers of a request that the gateway has signed for a subgraph. */
function signed(service: string, method: string, path: string, headers: Record<string, string>, body?: string) {
  const key = parseServiceKey(env['SERVICE_KEY']!)
  return {
    ...headers,
    ...signRequest(key, { method, path, headers, ...(body === undefined ? {} : { body }) }, { audience: service }),
  }
}

/** Asks one subgraph as the gateway would, for the holder of a token: what the gateway would have refused, too. */
export async function askSubgraph(service: string, call: Call, token?: string): Promise<Answer> {
  const url = addressOf(service)
  const body = JSON.stringify(call)
  const headers = { 'content-type': 'application/json', 'user-agent': 'test', ...bearer(token) }
  const response = await fetch(url, { method: 'POST', body, headers: signed(service, 'POST', url.pathname, headers, body) })
  return { status: response.status, ...((await response.json()) as Omit<Answer, 'status'>) }
}

/** The same over a WebSocket, for subscriptions. */
export function subgraphSocket(service: string, token?: string): Client {
  const url = addressOf(service)
  class Signed extends WebSocket {
    constructor(address: string, protocols: string) {
      super(address, protocols, { headers: signed(service, 'GET', url.pathname, {}) })
    }
  }
  return createClient({
    url: url.href.replace(/^http/, 'ws'),
    webSocketImpl: Signed,
    retryAttempts: 0,
    connectionParams: bearer(token),
  })
}

const bearer = (token: string | undefined): Record<string, string> =>
  token === undefined ? {} : { authorization: `Bearer ${token}` }
