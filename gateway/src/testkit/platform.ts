import { composeServices } from '@apollo/composition'
import { parse } from 'graphql'
import { createLogger } from '@signalbox/shared/logger'
import { ForbiddenError, NotFoundError, RateLimitedError, UnauthenticatedError } from '@signalbox/shared/errors'
import { PushIterator } from '@signalbox/shared/push-iterator'
import type { RequestInfo } from '@signalbox/shared/server'
import type { ServiceTls } from '@signalbox/shared/service-identity'
import type { DeniedEntry } from '../audit/denials.ts'
import { createGateway, type Gateway, type GatewayConfig } from '../gateway.ts'
import { AUDIENCE, ISSUER, startIssuer, type Issuer } from './issuer.ts'
import { AUTH_SDL, TELEMETRY_SDL, WORKFLOW_SDL } from './schemas.ts'
import { SERVICE_KEYS, SubgraphServer, type SubgraphDefinition } from './subgraph-server.ts'

/** What a test sees of the live side of workflow: who listens, and the means to send. */
export class Transitions {
  readonly subscribers = new Set<PushIterator<{ seq: number }>>()

  send(...seqs: number[]) {
    for (const subscriber of this.subscribers) for (const seq of seqs) subscriber.push({ seq })
  }

  subscribe(after: number): PushIterator<{ seq: number }> {
    const subscriber: PushIterator<{ seq: number }> = new PushIterator(() => this.subscribers.delete(subscriber))
    this.subscribers.add(subscriber)
    for (let seq = 1; after > 0 && seq <= 3; seq++) subscriber.push({ seq: after + seq })
    return subscriber
  }
}

/** What became of the bodies sent to `/artifacts`. */
export interface Uploads {
  begun: number
  finished: number
  aborted: number
}

export interface Platform {
  issuer: Issuer
  auth: SubgraphServer
  workflow: SubgraphServer
  telemetry: SubgraphServer
  transitions: Transitions
  uploads: Uploads
  /** What the gateway told the audit trail. */
  denied: DeniedEntry[]
  supergraphSdl: string
  gateway: Gateway
  [Symbol.asyncDispose](): Promise<void>
}

export const PUBLIC_URL = 'http://signalbox.test'

/** Starts the small subgraphs, composes them, and puts a gateway before them. */
export async function startPlatform(config: Partial<GatewayConfig> = {}, tls: ServiceTls | null = null): Promise<Platform> {
  const issuer = await startIssuer()
  const transitions = new Transitions()
  const uploads: Uploads = { begun: 0, finished: 0, aborted: 0 }
  const denied: DeniedEntry[] = []
  const definitions = [authSubgraph(), workflowSubgraph(transitions, uploads), telemetrySubgraph(denied)]
  const servers = await Promise.all(definitions.map((definition) => new SubgraphServer(definition, issuer, tls).start()))
  const supergraphSdl = composeSupergraph(servers)
  const gateway = await createGateway({ ...gatewayConfig(supergraphSdl, issuer), ...config })
  const [auth, workflow, telemetry] = servers as [SubgraphServer, SubgraphServer, SubgraphServer]
  return {
    issuer,
    auth,
    workflow,
    telemetry,
    transitions,
    uploads,
    denied,
    supergraphSdl,
    gateway,
    [Symbol.asyncDispose]: async () => {
      await gateway[Symbol.asyncDispose]()
      await Promise.all(servers.map((server) => server.stop()))
      await issuer[Symbol.asyncDispose]()
    },
  }
}

/** Keeps what a test starts for itself, to be stopped after it, the last first. */
export class Started {
  readonly #resources: { [Symbol.asyncDispose](): Promise<void> }[] = []

  async keep<T extends { [Symbol.asyncDispose](): Promise<void> }>(starting: Promise<T>): Promise<T> {
    const resource = await starting
    this.#resources.push(resource)
    return resource
  }

  async stopAll() {
    for (const resource of this.#resources.splice(0).reverse()) await resource[Symbol.asyncDispose]()
  }
}

const UNLIMITED = { perSecond: 1e6, burst: 1e6 }

/** A configuration as for tests; `issuer` null: nobody can sign in. */
export const gatewayConfig = (supergraphSdl: string, issuer: Issuer | null): GatewayConfig => ({
  supergraphSdl,
  nodeEnv: 'test',
  log: createLogger('gateway', 'silent'),
  host: '127.0.0.1',
  port: 0,
  publicUrl: PUBLIC_URL,
  subgraphUrls: {},
  tokens: issuer && { issuer: ISSUER, audience: AUDIENCE, jwksUrl: issuer.jwksUrl },
  revocationsUrl: null,
  identity: { name: 'gateway', key: SERVICE_KEYS.keyOf('gateway'), trustedCallers: null, tls: null },
  edge: {
    trustedHosts: ['signalbox.test', 'x'],
    corsOrigins: [],
    trustedProxies: ['loopback'],
    rates: { address: UNLIMITED, identity: UNLIMITED, signIn: UNLIMITED },
    bodyTimeout: 15_000,
    sockets: { perIdentity: 1_000, perAddress: 1_000, messages: UNLIMITED },
  },
  webDir: null,
})

/** @throws with composition's own reasons */
export function composeSupergraph(servers: SubgraphServer[]): string {
  const { supergraphSdl, errors } = composeServices(
    servers.map(({ definition, url }) => ({ name: definition.name, url, typeDefs: parse(definition.sdl) })),
  )
  if (supergraphSdl === undefined) throw new Error(`does not compose: ${String(errors)}`)
  return supergraphSdl
}

const encodeSession = (session: unknown) => Buffer.from(JSON.stringify(session)).toString('base64url')

/** The header with which a test's session is handed over. */
export const sessionHeader = (accessToken: string) =>
  encodeSession({
    accessToken,
    accessExpiresAt: new Date(Date.now() + 300_000).toISOString(),
    refreshToken: 'refresh-2',
    refreshExpiresAt: new Date(Date.now() + 3_600_000).toISOString(),
  })

function authSubgraph(): SubgraphDefinition {
  const user = { id: 'u1', name: 'Ada', email: 'ada@harbour.example' }
  return {
    name: 'auth',
    sdl: AUTH_SDL,
    resolvers: {
      Query: {
        viewer: (_: unknown, __: unknown, { viewer }: RequestInfo) => (viewer ? user : null),
        secret: () => ({ text: 'hidden' }),
        members: () => [{ __typename: 'Person', id: 'p1', note: 'likes tea' }],
        me: () => ({ id: 'p1', note: 'likes tea' }),
      },
      Mutation: {
        // What the browser is known by.
        requestOtp: (_: unknown, __: unknown, { headers, setHeader }: RequestInfo) => {
          setHeader('x-signalbox-browser', 'keep')
          return headers['x-signalbox-browser']
        },
        // The code is what the test wants to have as its access token.
        verifyOtp: (_: unknown, { code }: { code: string }, { setHeader }: RequestInfo) => {
          setHeader('x-signalbox-session', sessionHeader(code))
          return user
        },
        refreshSession: (_: unknown, __: unknown, { headers, setHeader }: RequestInfo) => {
          const refresh = headers['x-signalbox-refresh']
          if (typeof refresh !== 'string' || !refresh.startsWith('refresh-1:')) throw new UnauthenticatedError()
          setHeader('x-signalbox-session', sessionHeader(refresh.slice('refresh-1:'.length)))
          return user
        },
        signOut: (_: unknown, __: unknown, { setHeader }: RequestInfo) => {
          setHeader('x-signalbox-session', 'none')
          return true
        },
      },
      User: { __resolveReference: () => user },
    },
    routes: (app) => {
      app.get('/oidc/.well-known/openid-configuration', async ({ headers }) => ({
        host: headers.host,
        cookie: headers.cookie ?? null,
      }))
      app.get('/internal', async () => ({ reached: true }))
    },
  }
}

function workflowSubgraph(transitions: Transitions, uploads: Uploads): SubgraphDefinition {
  const run = (id: string) => (id === 'gone' ? null : { id, status: 'RUNNING', startedBy: { __typename: 'User', id: 'u1' } })
  return {
    name: 'workflow',
    sdl: WORKFLOW_SDL,
    resolvers: {
      Query: {
        run: (_: unknown, { id }: { id: string }) => run(id),
        runs: () => [run('r1'), run('r2')],
        history: () => ({ nodes: [run('r1')] }),
        broken: () => {
          throw new Error('connect ECONNREFUSED 10.0.0.7:5432')
        },
        fails: () => {
          throw new ForbiddenError('Not this one.')
        },
        limited: () => {
          throw new RateLimitedError(7)
        },
      },
      Mutation: { startRun: () => run('r9') },
      Subscription: {
        runTransitions: {
          subscribe: (_: unknown, { runId, after }: { runId: string; after?: number }) => {
            if (runId === 'gone') throw new NotFoundError('run')
            return transitions.subscribe(after ?? 0)
          },
          resolve: ({ seq }: { seq: number }) => ({ seq, run: run(`r${seq}`) }),
        },
        // Large enough that a few of them fill every buffer on the way.
        pages: {
          subscribe: () => transitions.subscribe(0),
          resolve: ({ seq }: { seq: number }) => ({ seq, text: 'x'.repeat(20_000) }),
        },
        ticks: { subscribe: () => transitions.subscribe(0), resolve: ({ seq }: { seq: number }) => seq },
      },
      Run: { __resolveReference: ({ id }: { id: string }) => run(id) },
    },
    routes: (app) => {
      app.addContentTypeParser('*', (_request, payload, done) => done(null, payload))
      app.put('/artifacts/:name', async ({ headers, body }) => {
        let bytes = 0
        uploads.begun += 1
        try {
          for await (const chunk of body as AsyncIterable<Buffer>) bytes += chunk.length
          uploads.finished += 1
        } catch (error) {
          uploads.aborted += 1
          throw error
        }
        return { bytes, authorization: headers.authorization ?? null }
      })
      app.get('/artifacts/:name', async ({ headers }, reply) =>
        reply.type('text/html').send(`<script>${headers.authorization ?? 'nobody'}</script>`),
      )
      app.post('/hooks/echo', async ({ headers }) => headers)
      app.post('/hooks/:name', async ({ headers }) => ({
        signature: headers['x-signature'] ?? null,
        authorization: headers.authorization ?? null,
      }))
    },
  }
}

function telemetrySubgraph(denied: DeniedEntry[]): SubgraphDefinition {
  const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))
  return {
    name: 'telemetry',
    sdl: TELEMETRY_SDL,
    resolvers: {
      Query: { kpis: () => 5 },
      Run: {
        __resolveReference: async ({ id }: { id: string }) => {
          const number = Number(id.slice(1))
          // Earlier runs take longer, so that an unordered stream would show.
          await wait(Math.max(0, 30 - number * 5))
          return { id, cost: { total: number / 100 }, asOfSeq: number }
        },
      },
    },
    routes: (app) => {
      app.post('/audit', async ({ body }, reply) => {
        denied.push(...(body as { entries: DeniedEntry[] }).entries)
        return reply.code(204).send()
      })
    },
  }
}
