import type { FastifyInstance } from 'fastify'
import { Agent } from 'undici'
import type { Logger } from '@signalbox/shared/logger'
import { RevocationFeed } from '@signalbox/shared/revocation-feed'
import { createTokenVerifier, type Viewer } from '@signalbox/shared/viewer'
import { auditSender } from './audit/audit-sender.ts'
import { Denials } from './audit/denials.ts'
import { edgeAudit } from './audit/edge-audit.ts'
import { serveDashboard } from './edge/dashboard.ts'
import { graphqlRoute } from './edge/graphql.ts'
import { NOBODY_OBSERVES, type EdgeObserver } from './edge/observer.ts'
import { RateLimits } from './edge/rate-limits.ts'
import { installNotFound } from './edge/not-found.ts'
import { proxyRoute } from './edge/proxy.ts'
import { healthRoutes } from './edge/readiness.ts'
import { createEdge } from './edge/server.ts'
import type { GatewayEnv } from './env.ts'
import { Admission } from './execution/admission.ts'
import { startApollo } from './execution/apollo.ts'
import { Federation } from './execution/federation.ts'
import { Operations } from './execution/operations.ts'
import { SubgraphSource } from './execution/subgraph-source.ts'
import { Callers, refuseTokens } from './session/caller.ts'
import { SessionCookies } from './session/session-cookies.ts'
import { SESSION_SUBGRAPH, sessionHooks } from './session/session-exchange.ts'
import { subscriptionRoute } from './subscriptions/route.ts'

export interface GatewayConfig extends Omit<GatewayEnv, 'supergraph' | 'logLevel'> {
  /** The composed supergraph's text. */
  supergraphSdl: string
  /** Hears of refusals. */
  observer?: EdgeObserver
  log: Logger
}

export interface Gateway {
  /** `http://127.0.0.1:4000` */
  address: string
  [Symbol.asyncDispose](): Promise<void>
}

/** Builds a gateway from its configuration and listens. Subgraphs may be down: each is asked when it is needed. */
export async function createGateway(config: GatewayConfig): Promise<Gateway> {
  const { log, tokens, publicUrl, revocationsUrl, identity, host, port } = config
  const agent = createAgent(config)
  const federation = createFederation(config, agent)
  const parts = federation.subgraphs.map(({ name, url }) => ({ name, url: addressOf(config, name, url) }))
  const denials = openDenials(config, parts)
  const observer = config.observer ?? (denials ? edgeAudit(denials) : NOBODY_OBSERVES)
  const rates = new RateLimits(config.edge)
  const admission = new Admission(federation.schema, federation.rules, mayIntrospect(config))
  const operations = new Operations({ federation, admission, rates, observer, log })
  const apollo = await startApollo(operations, log)
  const cookies = new SessionCookies(publicUrl)
  const revocations = revocationsUrl === null ? undefined : new RevocationFeed({ url: revocationsUrl, identity, log })
  const callers = new Callers(tokens ? createTokenVerifier({ ...tokens, identity, revocations }) : refuseTokens, cookies)
  const commons = { publicUrl, cookies, callers, rates, observer, identity, log }

  const app = await createEdge({ ...commons, settings: config.edge })
  healthRoutes(app, parts, agent, revocations)
  await app.register(graphqlRoute, { apollo, callers, cookies, observer, bodyTimeout: config.edge.bodyTimeout })
  const urls = new Map(parts.map(({ name, url }) => [name, url]))
  await app.register(subscriptionRoute, { ...commons, operations, settings: config.edge, revocations, urls })
  await registerProxies(app, parts, { ...commons, bodyTimeout: config.edge.bodyTimeout })
  installNotFound(app, config.webDir === null ? undefined : await serveDashboard(app, config.webDir, publicUrl))
  return {
    address: await app.listen({ host, port }),
    [Symbol.asyncDispose]: async () => {
      await revocations?.[Symbol.asyncDispose]()
      await app.close()
      await apollo.stop()
      await denials?.[Symbol.asyncDispose]()
      await agent.close()
    },
  }
}

/** The connections to the subgraphs. */
const createAgent = ({ identity }: GatewayConfig) =>
  new Agent({
    connections: 256,
    connect: { timeout: 2_000, ...identity.tls },
    headersTimeout: 30_000,
    bodyTimeout: 30_000,
    // Auth hands a session over in a header: base64url of tokens that may have 12 KB.
    maxHeaderSize: 32 * 1024,
  })

/** Signalbox's own telemetry keeps the audit trail; where there is none, or nobody signs, refusals are in nobody's trail. */
function openDenials({ identity, log }: GatewayConfig, parts: { name: string; url: string }[]): Denials | undefined {
  const telemetry = parts.find(({ name }) => name === 'telemetry')
  if (telemetry === undefined || identity.key === null) return undefined
  return new Denials({ send: auditSender(identity, telemetry.url), log })
}

function createFederation(config: GatewayConfig, agent: Agent): Federation {
  const hooks = sessionHooks(config.log)
  return new Federation(
    config.supergraphSdl,
    ({ name, url }) => {
      const own = name === SESSION_SUBGRAPH ? hooks : undefined
      return new SubgraphSource(name, addressOf(config, name, url), agent, config.log, own, config.identity.key)
    },
    config.log,
  )
}

/** `SUBGRAPH_<NAME>_URL` overrides the address that was composed in. */
const addressOf = ({ subgraphUrls }: GatewayConfig, name: string, composed: string) =>
  subgraphUrls[name.toUpperCase().replaceAll(/\W/g, '_')] ?? composed

type ProxyCommons = Omit<Parameters<typeof proxyRoute>[1], 'path' | 'upstream' | 'service' | 'bodyTimeout'> & {
  bodyTimeout: number
}

async function registerProxies(
  app: FastifyInstance,
  parts: { name: string; url: string }[],
  { callers, bodyTimeout, ...commons }: ProxyCommons,
) {
  const urlOf = (name: string) => parts.find((part) => part.name === name)?.url
  const [auth, workflow] = [urlOf('auth'), urlOf('workflow')]
  if (auth !== undefined) {
    await app.register(proxyRoute, { ...commons, bodyTimeout, path: '/oidc', upstream: auth, service: 'auth' })
    await app.register(proxyRoute, { ...commons, path: '/.well-known', upstream: auth, service: 'auth' })
  }
  if (workflow !== undefined) {
    // Senders are known by the address and what they sign; whatever else they send along is none of ours.
    await app.register(proxyRoute, { ...commons, bodyTimeout, path: '/hooks', upstream: workflow, service: 'workflow' })
    await app.register(proxyRoute, {
      ...commons,
      callers,
      path: '/artifacts',
      upstream: workflow,
      service: 'workflow',
      isolate: true,
    })
  }
}

/** Who may ask about the schema: while developing, anybody who may read runs, or everybody where nobody can sign in. */
function mayIntrospect({ nodeEnv, tokens }: GatewayConfig): (viewer: Viewer | null) => boolean {
  if (nodeEnv === 'production') return () => false
  return (viewer) => tokens === null || viewer?.scopes.has('wrm:read') === true
}
