import { errors, type KoaContextWithOIDC } from 'oidc-provider'
import { rightsClaims } from '../sessions/access-tokens.ts'
import type { GrantAccount } from './grants.ts'
import type { ProviderParts } from './provider.ts'
import type { ServiceClientMetadata } from './service-client-adapter.ts'

interface Token {
  kind: string
  scope?: string
}

/** Puts the claims into an access token that `shared/viewer.ts` reads: a person's, as a dashboard token has them, or a service client's. */
export async function tokenClaims(
  ctx: KoaContextWithOIDC,
  token: unknown,
  jwt: { payload: Record<string, unknown> },
  parts: ProviderParts,
): Promise<void> {
  const { kind, scope } = token as Token
  if (kind === 'AccessToken') Object.assign(jwt.payload, personClaims(ctx, scope))
  else Object.assign(jwt.payload, await clientClaims(ctx, parts))
}

function personClaims({ oidc }: KoaContextWithOIDC, scope: string | undefined) {
  const { rights, sessionId, issuedAt } = oidc.account as GrantAccount
  if (!scope) throw new errors.InvalidGrant('nothing of what was consented to is a right of the person any more')
  return { ...rightsClaims('USER', rights, sessionId), iat: issuedAt }
}

/** `sub` is the service client's id, as actors are named everywhere. */
async function clientClaims({ oidc }: KoaContextWithOIDC, { orm }: ProviderParts) {
  const { clientId } = oidc.client!
  const [{ at }] = await orm.em.fork().execute<[{ at: number | null }]>('select auth.client_issue_moment(?) as at', [clientId])
  if (at === null) throw new errors.InvalidClientAuth('the client has ended')
  const metadata = oidc.client as unknown as ServiceClientMetadata
  const { organization_id: organizationId, organization_ids: organizationIds } = metadata
  const rights = { organizationId, organizationIds, role: null, scopes: [] }
  return { sub: metadata.service_client_id, ...rightsClaims('SERVICE_CLIENT', rights), iat: at }
}
