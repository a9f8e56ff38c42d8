import { encodeOrganizations } from '@signalbox/shared/organization-list'
import type { ActorKind, Viewer } from '@signalbox/shared/viewer'
import { SignJWT } from 'jose'
import { randomUUID } from 'node:crypto'
import type { SigningKeys } from '../keys/signing-keys.ts'
import type { Rights } from '../organizations/rights.ts'

export const ACCESS_TOKEN_SECONDS = 300
/** `client_id` of a session's own tokens; an application's is the one that it is registered under. */
export const DASHBOARD = 'signalbox-dashboard'

/** The claims of an access token that carry rights (`shared/viewer.ts` reads them). */
export const rightsClaims = (kind: ActorKind, rights: Rights, sessionId?: string) => ({
  org: rights.organizationId,
  orgs: encodeOrganizations(rights.organizationIds),
  kind,
  ...(rights.role === null ? {} : { role: rights.role }),
  ...(sessionId === undefined ? {} : { sid: sessionId }),
})

/** Seconds since the epoch. */
export interface TokenTimes {
  /** From `auth.issue_moment`, with fractions: a change of rights after it revokes the token. */
  issuedAt: number
  /** The end of the session, which its tokens do not outlive. */
  sessionEndsAt: number
}

/** Signs the access tokens of people's sessions: ES256, `at+jwt` (RFC 9068), 5 minutes. */
export class AccessTokens {
  constructor(
    private readonly keys: SigningKeys,
    private readonly issuer: string,
    private readonly audience: string,
  ) {}

  /** Ask it before a refresh token is used up. @throws when nothing could be signed now */
  async ready(): Promise<void> {
    await this.keys.active()
  }

  /** @returns who the token stands for, with the token itself */
  async issue(userId: string, sessionId: string, rights: Rights, { issuedAt, sessionEndsAt }: TokenTimes): Promise<Viewer> {
    const { kid, privateKey } = await this.keys.active()
    const expiresAt = Math.floor(Math.min(issuedAt + ACCESS_TOKEN_SECONDS, sessionEndsAt))
    const token = await new SignJWT({
      ...rightsClaims('USER', rights, sessionId),
      scope: rights.scopes.join(' '),
      client_id: DASHBOARD,
    })
      .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid })
      .setIssuer(this.issuer)
      .setAudience(this.audience)
      .setSubject(userId)
      .setJti(randomUUID())
      .setIssuedAt(issuedAt)
      .setExpirationTime(expiresAt)
      .sign(privateKey)
    return {
      actorId: userId,
      actorKind: 'USER',
      organizationId: rights.organizationId,
      organizationIds: rights.organizationIds,
      role: rights.role,
      scopes: new Set(rights.scopes),
      sessionId,
      expiresAt,
      issuedAt,
      keyId: kid,
      token,
    }
  }
}
