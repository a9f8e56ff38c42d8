import { SCOPES } from '@signalbox/shared/scopes'
import { errors, interactionPolicy, type Client, type Configuration, type KoaContextWithOIDC } from 'oidc-provider'
import type { SigningKey } from '../keys/signing-keys.ts'
import { ACCESS_TOKEN_SECONDS } from '../sessions/access-tokens.ts'
import { Grants, type GrantAccount } from './grants.ts'
import { PayloadAdapter } from './payload-adapter.ts'
import type { ProviderParts } from './provider.ts'
import { refuseWith } from './refuse-with.ts'
import { EXTRA_CLIENT_METADATA, PERSON_SCOPES, type ServiceClientAdapter } from './service-client-adapter.ts'
import { NOT_FOR_PUBLIC } from './structured-tokens.ts'
import { tokenClaims } from './token-claims.ts'

const MINUTE = 60
const DAY = 24 * 60 * MINUTE

/** @param keys the one that signs first */
export function configurationOf(parts: ProviderParts, keys: SigningKey[], clients: ServiceClientAdapter): Configuration {
  const { orm, secrets, audience, issuer } = parts
  const grants = new Grants(orm, parts.sessionLimits)
  return {
    adapter: (model: string) => (model === 'Client' ? clients : new PayloadAdapter(model, orm, secrets)),
    jwks: { keys: keys.map(({ privateJwk }) => privateJwk) },
    cookies: cookiesOf(issuer, secrets.cookieKey),
    scopes: [...PERSON_SCOPES, ...SCOPES],
    claims: { openid: ['sub'], profile: ['name'], email: ['email', 'email_verified'] },
    responseTypes: ['code'],
    subjectTypes: ['public'],
    clientDefaults: { id_token_signed_response_alg: 'ES256' },
    enabledJWA: { idTokenSigningAlgValues: ['ES256'] },
    clientAuthMethods: ['client_secret_basic', 'client_secret_post', 'none'],
    extraClientMetadata: { properties: [...EXTRA_CLIENT_METADATA] },
    discovery: { response_modes_supported: ['query'] },
    ttl: LIFETIMES,
    pkce: { required: () => true },
    // An application that people use all day would be of no use without; a consent stands for 30 days.
    issueRefreshToken: (_ctx, client) => client.grantTypeAllowed('refresh_token'),
    // A grant is a session of its own (`auth.oidc_grants`): the provider's short one only spares a second code.
    expiresWithSession: () => false,
    rotateRefreshToken: true,
    revokeGrantPolicy: () => true,
    allowOmittingSingleRegisteredRedirectUri: false,
    findAccount: grants.findAccount,
    loadExistingGrant: grants.loadExistingGrant,
    interactions: {
      policy: policy(),
      url: (_ctx, { uid }) => `${new URL(issuer).pathname.replace(/\/$/, '')}/interaction/${uid}`,
    },
    renderError: (ctx, { error, error_description: description }) => refuseWith(ctx, ctx.status, error, description),
    clientBasedCORS: (_ctx, origin, { redirectUris = [] }) => redirectUris.some((uri) => URL.parse(uri)?.origin === origin),
    fetch: () => Promise.reject(new Error('the OpenID provider asks nobody anything')),
    features: featuresOf(audience),
    formats: { customizers: { jwt: (ctx, token, jwt) => tokenClaims(ctx, token, jwt, parts) } },
  }
}

/** Seconds. Grants and refresh tokens live as long as the session that they are (`SESSION_MAX_DAYS`, `SESSION_IDLE_DAYS`), a year at most. */
const LIFETIMES = {
  AccessToken: ACCESS_TOKEN_SECONDS,
  ClientCredentials: ACCESS_TOKEN_SECONDS,
  IdToken: ACCESS_TOKEN_SECONDS,
  AuthorizationCode: MINUTE,
  Interaction: 30 * MINUTE,
  Session: 30 * MINUTE,
  RefreshToken: 365 * DAY,
  Grant: 365 * DAY,
}

/** Under the provider's own path, so that nothing else is sent them. */
function cookiesOf(issuer: string, key: string): Configuration['cookies'] {
  const path = new URL(issuer).pathname
  return {
    keys: [key],
    names: { session: '_oidc_session', interaction: '_oidc_interaction', resume: '_oidc_resume' },
    long: { httpOnly: true, sameSite: 'lax', path },
    short: { httpOnly: true, sameSite: 'lax' },
  }
}

const featuresOf = (audience: string): Configuration['features'] => ({
  devInteractions: { enabled: false },
  userinfo: { enabled: false },
  rpInitiatedLogout: { enabled: false },
  pushedAuthorizationRequests: { enabled: false },
  dPoP: { enabled: false },
  clientCredentials: { enabled: true },
  // What of a token is a JWT, `structured-tokens.ts` answers about.
  revocation: { enabled: true, allowedPolicy: (_ctx, client, token) => client.clientId === token.clientId },
  introspection: { enabled: true, allowedPolicy: isOfOwnOrganization },
  resourceIndicators: {
    enabled: true,
    defaultResource: () => audience,
    useGrantedResource: () => true,
    getResourceServerInfo: (ctx, resource, client) => resourceServer(ctx, resource, client, audience),
  },
})

/** A confidential client, and no other, may ask about the tokens of its own organisation's clients (RFC 7662, 4). */
async function isOfOwnOrganization(ctx: KoaContextWithOIDC, client: Client, token: { clientId?: string }): Promise<boolean> {
  if (client.clientAuthMethod === 'none') throw new errors.InvalidClientAuth(NOT_FOR_PUBLIC)
  const other = token.clientId === undefined ? undefined : await ctx.oidc.provider.Client.find(token.clientId)
  return other?.['organization_id'] === client['organization_id']
}

function policy(): interactionPolicy.DefaultPolicy {
  const base = interactionPolicy.base()
  const { Check } = interactionPolicy
  const isGone = ({ oidc }: KoaContextWithOIDC) => oidc.session?.accountId !== undefined && oidc.account === undefined
  base.get('login')!.checks.add(new Check('account_gone', 'the person has left', 'login_required', isGone))
  return base
}

function resourceServer(ctx: KoaContextWithOIDC, resource: string, client: Client, audience: string) {
  if (resource !== audience) throw new errors.InvalidTarget()
  const { params, account } = ctx.oidc
  // A client that names no scope (n8n by default) gets all of its own (RFC 6749, 3.3); this runs before the scopes are read.
  if (params?.['grant_type'] === 'client_credentials') params['scope'] ??= client.scope
  // At the token endpoint a person's role bounds what was consented to: as it is now, at each refresh.
  const { rights } = (account ?? {}) as Partial<GrantAccount>
  const scopes = (client.scope ?? '').split(' ').filter((scope) => (SCOPES as readonly string[]).includes(scope))
  return {
    scope: (rights ? scopes.filter((scope) => rights.scopes.includes(scope)) : scopes).join(' '),
    audience,
    accessTokenFormat: 'jwt' as const,
    accessTokenTTL: ACCESS_TOKEN_SECONDS,
    jwt: { sign: { alg: 'ES256' as const } },
  }
}
