import type { MikroORM } from '@mikro-orm/postgresql'
import { isDatabaseDown } from '@signalbox/shared/database-failure'
import type { Logger } from '@signalbox/shared/logger'
import { SCOPES } from '@signalbox/shared/scopes'
import Provider, { errors, type Client, type Configuration, type KoaContextWithOIDC } from 'oidc-provider'
import type { Secrets } from '../keys/secrets.ts'
import type { SigningKey } from '../keys/signing-keys.ts'
import { ACCESS_TOKEN_SECONDS, rightsClaims } from '../sessions/access-tokens.ts'
import { addErrorList, TEMPORARILY_UNAVAILABLE } from './error-list.ts'
import { PayloadAdapter } from './payload-adapter.ts'
import { EXTRA_CLIENT_METADATA, ServiceClientAdapter } from './service-client-adapter.ts'

export interface ProviderParts {
  orm: MikroORM
  secrets: Secrets
  /** The provider's address as clients see it; never taken from a request. */
  issuer: string
  /** The one resource (RFC 8707) that tokens are issued for, asked for or not. */
  audience: string
  log: Logger
}

/** The OpenID provider: discovery, JWKS and client credentials, signing with the same key as the sessions' tokens. */
export function createProvider(parts: ProviderParts, key: SigningKey): Provider {
  const { log } = parts
  const clients = new ServiceClientAdapter(parts.orm, parts.secrets)
  const provider = new Provider(parts.issuer, configurationOf(parts, key, clients))
  provider.proxy = true
  // Only a keyed hash of a secret is kept; the client's metadata carries that hash in the place of the secret.
  provider.Client.prototype.compareClientSecret = function (this: Client, presented: string) {
    return clients.matchSecret(this.clientId, this.clientSecret!, presented)
  }
  provider.on('server_error', (ctx, error) => {
    if (isDatabaseDown(error)) Object.assign(ctx, { body: TEMPORARILY_UNAVAILABLE, status: 503 })
    else log.error({ err: error }, 'the OpenID provider failed')
  })
  provider.use(addErrorList)
  return provider
}

function configurationOf(
  { orm, secrets, audience }: ProviderParts,
  key: SigningKey,
  clients: ServiceClientAdapter,
): Configuration {
  return {
    adapter: (model: string) => (model === 'Client' ? clients : new PayloadAdapter(model, orm, secrets)),
    jwks: { keys: [key.privateJwk] },
    cookies: { keys: [secrets.cookieKey] },
    scopes: ['openid', 'offline_access', ...SCOPES],
    responseTypes: ['code'],
    clientDefaults: { id_token_signed_response_alg: 'ES256' },
    enabledJWA: { idTokenSigningAlgValues: ['ES256'] },
    clientAuthMethods: ['client_secret_basic', 'client_secret_post'],
    extraClientMetadata: { properties: [...EXTRA_CLIENT_METADATA] },
    ttl: { ClientCredentials: ACCESS_TOKEN_SECONDS },
    // Never a page: `addErrorList` makes of it what the rest of the API answers.
    renderError: (ctx, out) => {
      ctx.type = 'json'
      ctx.body = out
    },
    features: {
      devInteractions: { enabled: false },
      userinfo: { enabled: false },
      rpInitiatedLogout: { enabled: false },
      pushedAuthorizationRequests: { enabled: false },
      dPoP: { enabled: false },
      clientCredentials: { enabled: true },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => audience,
        getResourceServerInfo: (ctx, resource, client) => resourceServer(ctx, resource, client, audience),
      },
    },
    formats: {
      customizers: {
        async jwt(ctx, _token, jwt) {
          Object.assign(jwt.payload, claimsOf(ctx.oidc.client!))
          await clients.markUsed(ctx.oidc.client!.clientId)
        },
      },
    },
  }
}

function resourceServer(ctx: KoaContextWithOIDC, resource: string, client: Client, audience: string) {
  if (resource !== audience) throw new errors.InvalidTarget()
  const { params } = ctx.oidc
  // A client that names no scope (n8n by default) gets all of its own (RFC 6749, 3.3); this runs before the scopes are read.
  if (params?.['grant_type'] === 'client_credentials') params['scope'] ??= client.scope
  const scope = client.scope ?? ''
  return {
    scope,
    audience,
    accessTokenFormat: 'jwt' as const,
    accessTokenTTL: ACCESS_TOKEN_SECONDS,
    jwt: { sign: { alg: 'ES256' as const } },
  }
}

/** A service client's rights; `sub` is its id, as actors are named everywhere. */
function claimsOf(client: Client) {
  const {
    service_client_id: id,
    organization_id: organizationId,
    organization_ids: organizationIds,
  } = client as unknown as {
    service_client_id: string
    organization_id: string
    organization_ids: string[]
  }
  return { sub: id, ...rightsClaims('SERVICE_CLIENT', { organizationId, organizationIds, role: null, scopes: [] }) }
}
