import { createLogger } from '@signalbox/shared/logger'
import { createServer } from '@signalbox/shared/server'
import { signRequest, type ServiceKey, type TrustedCallers } from '@signalbox/shared/service-credential'
import { buildSchema } from 'graphql'
import { generateKeyPairSync } from 'node:crypto'
import { Agent } from 'undici'

export interface CredentialCost {
  /** Milliseconds of a small query from a gateway to a subgraph, p50. */
  signed: number
  unsigned: number
}

const BODY = JSON.stringify({ query: '{ __typename }' })
const AUDIENCE = 'workflow'
const WARM_UP = 300

/** What it costs that a subgraph believes its gateway only: one server with and one without, asked in turn over kept connections. */
export async function measureServiceCredential(count: number): Promise<CredentialCost> {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519')
  const key = { kid: 'gateway', privateKey }
  const agent = new Agent({ connections: 1 })
  const closed = await startServer(new Map([['gateway', publicKey]]))
  const open = await startServer(null)
  try {
    const took = { signed: [] as number[], unsigned: [] as number[] }
    for (let index = -WARM_UP; index < count; index += 1) {
      const signed = await timed(() => post(agent, closed.address, key))
      const unsigned = await timed(() => post(agent, open.address, null))
      if (index < 0) continue
      took.signed.push(signed)
      took.unsigned.push(unsigned)
    }
    return { signed: median(took.signed), unsigned: median(took.unsigned) }
  } finally {
    await agent.close()
    await Promise.all([closed.app.close(), open.app.close()])
  }
}

async function startServer(trustedCallers: TrustedCallers | null) {
  const app = await createServer({
    subgraph: { schema: buildSchema('type Query { ok: Boolean }'), sdl: '' },
    log: createLogger('bench', 'silent'),
    verifyToken: async () => null,
    createContext: () => ({}),
    identity: { name: AUDIENCE, key: null, trustedCallers, tls: null },
  })
  return { app, address: await app.listen({ host: '127.0.0.1', port: 0 }) }
}

async function post(agent: Agent, origin: string, key: ServiceKey | null) {
  const headers = { 'content-type': 'application/json', accept: 'application/json' }
  const request = { method: 'POST', path: '/graphql', headers, body: BODY }
  const signature = key === null ? {} : signRequest(key, request, { audience: AUDIENCE })
  const response = await agent.request({
    origin,
    path: '/graphql',
    method: 'POST',
    headers: { ...headers, ...signature },
    body: BODY,
  })
  await response.body.text()
  if (response.statusCode !== 200) throw new Error(`the bench's own server answered ${response.statusCode}`)
}

async function timed(work: () => Promise<void>): Promise<number> {
  const startedAt = performance.now()
  await work()
  return performance.now() - startedAt
}

const median = (values: number[]) => values.sort((one, other) => one - other)[Math.floor(values.length / 2)]!
