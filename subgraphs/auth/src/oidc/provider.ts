import { isDatabaseDown } from '@signalbox/shared/database-failure'
import type { Logger } from '@signalbox/shared/logger'
import type { TokenVerifier } from '@signalbox/shared/viewer'
import Provider, { type Client } from 'oidc-provider'
import type { SigningKey } from '../keys/signing-keys.ts'
import { throttleClients } from './client-throttle.ts'
import { configurationOf } from './configuration.ts'
import { addErrorList, TEMPORARILY_UNAVAILABLE } from './error-list.ts'
import { interactionPages } from './interactions/interaction-pages.ts'
import type { InteractionParts } from './interactions/step.ts'
import { queryModeOnly } from './response-mode.ts'
import { ServiceClientAdapter } from './service-client-adapter.ts'
import { shield } from './shield.ts'
import { structuredTokens } from './structured-tokens.ts'
import { Trail } from './trail.ts'

export interface ProviderParts extends InteractionParts {
  /** The provider's address as clients see it; never taken from a request. */
  issuer: string
  /** What the API would make of an access token. */
  verifyToken: TokenVerifier
  log: Logger
}

/**
 * The OpenID provider: discovery, JWKS, authorization code with PKCE, client credentials, refresh, revocation and introspection, signing
 * with the same keys as the sessions' tokens.
 * @param keys every one that is published, the one that signs first
 */
export function createProvider(parts: ProviderParts, keys: SigningKey[]): Provider {
  const { orm, secrets, log } = parts
  const clients = new ServiceClientAdapter(orm, secrets)
  const trail = new Trail(orm)
  const provider = new Provider(parts.issuer, configurationOf(parts, keys, clients))
  provider.proxy = true
  // Only keyed hashes of secrets are kept; the client's metadata carries them in the place of the secret.
  provider.Client.prototype.compareClientSecret = function (this: Client, presented: string) {
    return clients.matchSecret(this.clientId, this.clientSecret!, presented)
  }
  provider.on('server_error', (ctx, error) => {
    if (isDatabaseDown(error)) Object.assign(ctx, { body: TEMPORARILY_UNAVAILABLE, status: 503 })
    else log.error({ err: error }, 'the OpenID provider failed')
  })
  provider.on('grant.error', trail.note)
  provider.on('introspection.error', trail.note)
  provider.on('revocation.error', trail.note)
  provider.use(shield(log) as never)
  provider.use(addErrorList)
  provider.use(throttleClients(orm, trail.tooMany) as never)
  provider.use(trail.record as never)
  provider.use(structuredTokens(parts) as never)
  provider.use(queryModeOnly as never)
  provider.use(interactionPages(provider, parts) as never)
  return provider
}
