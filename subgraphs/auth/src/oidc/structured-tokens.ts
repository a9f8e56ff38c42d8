import type { MikroORM } from '@mikro-orm/postgresql'
import { decodeOrganizations } from '@signalbox/shared/organization-list'
import { UnauthenticatedError } from '@signalbox/shared/errors'
import type { AccessTokenClaims, TokenVerifier } from '@signalbox/shared/viewer'
import { decodeJwt } from 'jose'
import type { KoaContextWithOIDC } from 'oidc-provider'
import type { ServiceClientMetadata } from './service-client-adapter.ts'
import { textOf } from './text.ts'

interface Parts {
  orm: MikroORM
  verifyToken: TokenVerifier
}

/**
 * Koa middleware that answers about access tokens. They are JWTs and stored nowhere, so the provider itself refuses them here, after it has
 * authenticated the client; that refusal is what is answered in another way:
 * - introspection (RFC 7662): active is what the API would take at this moment, revocations included; about tokens of the asking client's
 *   own organisation only;
 * - revocation (RFC 7009): a person's token ends with the consent that it came from, refresh token included (2.1 allows it); a service
 *   client's own token ends alone. Every part refuses it within a second.
 */
export const structuredTokens =
  (parts: Parts) =>
  async (ctx: KoaContextWithOIDC, next: () => Promise<void>): Promise<void> => {
    await next()
    const { route, client, params } = ctx.oidc ?? {}
    if (!client || (route !== 'introspection' && route !== 'revocation')) return
    if ((ctx.body as { error?: string } | undefined)?.error !== 'unsupported_token_type') return
    if (route === 'introspection' && client.clientAuthMethod === 'none') return refusePublic(ctx)
    const token = textOf(params?.['token'])
    const body = route === 'introspection' ? await introspect(parts, client, token) : await revoke(parts, client.clientId, token)
    ctx.status = 200
    ctx.body = body
  }

/** Only a client that has proven who it is may ask (RFC 7662, 2.1). */
function refusePublic(ctx: KoaContextWithOIDC) {
  ctx.status = 401
  ctx.body = { error: 'invalid_client', error_description: NOT_FOR_PUBLIC }
}

export const NOT_FOR_PUBLIC = 'introspection is for clients that have a secret'

async function introspect({ verifyToken }: Parts, client: unknown, token: string): Promise<object> {
  const { organization_id: own } = client as ServiceClientMetadata
  const claims = await verified(verifyToken, token)
  if (claims?.org !== own) return { active: false }
  const { iss, aud, sub, exp, iat, jti, scope, org, orgs, kind, role, client_id } = claims
  const times = { exp: Math.floor(exp!), iat: Math.floor(iat!) }
  const rights = { org, orgs: decodeOrganizations(orgs), kind, ...(role === undefined ? {} : { role }) }
  return { active: true, token_type: 'Bearer', client_id, scope, iss, aud, sub, jti, ...times, ...rights }
}

/** An answer without a body, whatever becomes of it: a token that is over, or somebody else's, tells nothing (RFC 7009, 2.2). */
async function revoke({ orm, verifyToken }: Parts, clientId: string, token: string): Promise<string> {
  const claims = await verified(verifyToken, token)
  if (claims?.['client_id'] !== clientId) return ''
  const em = orm.em.fork()
  if (claims.kind === 'USER') await em.execute('select auth.end_session_grant(?)', [claims.sid])
  else await em.execute('select auth.revoke(?)', [`session:${claims.jti}`])
  return ''
}

async function verified(verifyToken: TokenVerifier, token: string): Promise<AccessTokenClaims | undefined> {
  try {
    await verifyToken(`Bearer ${token}`)
    return decodeJwt<AccessTokenClaims>(token)
  } catch (error) {
    if (error instanceof UnauthenticatedError) return undefined
    throw error
  }
}
