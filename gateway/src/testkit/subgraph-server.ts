import { buildSubgraphSchema } from '@apollo/subgraph'
import type { FastifyInstance } from 'fastify'
import { parse } from 'graphql'
import { createLogger } from '@signalbox/shared/logger'
import { createServer, type RequestInfo } from '@signalbox/shared/server'
import { createTokenVerifier, type TokenVerifier, type Viewer } from '@signalbox/shared/viewer'
import { ServiceKeys } from '@signalbox/shared/testing/service-keys'
import { identityOf, type ServiceIdentity, type ServiceTls } from '@signalbox/shared/service-identity'
import { parseServiceKey, parseTrustedCallers } from '@signalbox/shared/service-credential'
import { AUDIENCE, ISSUER, ORGANIZATION, type Issuer } from './issuer.ts'

export interface SubgraphDefinition {
  name: string
  sdl: string
  resolvers: Record<string, unknown>
  routes?(app: FastifyInstance): void
}

/** Of the test's gateway and subgraphs. */
export const SERVICE_KEYS = new ServiceKeys()

/** As a subgraph reads it from its environment. */
function identityFor(name: string, tls: ServiceTls | null): ServiceIdentity {
  const env = SERVICE_KEYS.envOf(name)
  const identity = identityOf(name, {
    SERVICE_KEY: parseServiceKey(env.SERVICE_KEY),
    TRUSTED_CALLERS: parseTrustedCallers(env.TRUSTED_CALLERS),
  })
  return { ...identity, tls }
}

/** A real subgraph on a real port, private unless it has no issuer (somebody else's), that can go down and come back there. */
export class SubgraphServer implements AsyncDisposable {
  /** Every request that reached a resolver's context, newest last. */
  readonly requests: RequestInfo[] = []
  #app: FastifyInstance | undefined
  #port = 0

  constructor(
    readonly definition: SubgraphDefinition,
    private readonly issuer: Issuer | null,
    private readonly tls: ServiceTls | null = null,
  ) {}

  get url() {
    return `${this.tls ? 'https' : 'http'}://127.0.0.1:${this.#port}/graphql`
  }

  async start(): Promise<this> {
    const { sdl, resolvers, routes } = this.definition
    const verifyToken = this.issuer
      ? createTokenVerifier({ jwksUrl: this.issuer.jwksUrl, issuer: ISSUER, audience: AUDIENCE })
      : believeAll
    this.#app = await createServer<RequestInfo>({
      subgraph: { schema: buildSubgraphSchema({ typeDefs: parse(sdl), resolvers: resolvers as never }), sdl },
      log: createLogger('subgraph', 'silent'),
      verifyToken,
      ...(this.issuer && { identity: identityFor(this.definition.name, this.tls) }),
      createContext: (request) => {
        this.requests.push(request)
        return request
      },
      ...(routes ? { routes } : {}),
    })
    await this.#app.listen({ host: '127.0.0.1', port: this.#port })
    this.#port = Number(new URL(this.#app.listeningOrigin).port)
    return this
  }

  async stop() {
    await this.#app?.close()
    this.#app = undefined
  }

  [Symbol.asyncDispose]() {
    return this.stop()
  }
}

const SOMEBODY: Viewer = {
  actorId: 'anonymous',
  actorKind: 'USER',
  organizationId: ORGANIZATION,
  organizationIds: [ORGANIZATION],
  role: null,
  scopes: new Set(),
  sessionId: 'none',
  expiresAt: Math.floor(Date.now() / 1000) + 86_400,
  token: '',
}

/** For a platform without sign-in: the subgraphs ask nobody who they are. */
const believeAll: TokenVerifier = async () => SOMEBODY
