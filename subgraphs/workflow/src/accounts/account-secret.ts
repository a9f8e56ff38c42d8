import type { ClientAuthentication } from './account.inputs.ts'
import type { AccountKind } from './account.type.ts'

export interface HeaderSecret {
  kind: AccountKind.HEADER
  name: string
  value: string
}

export interface OAuthTokens {
  accessToken: string
  refreshToken: string | null
  /** Milliseconds since 1970; null: the provider does not say. */
  expiresAt: number | null
}

export interface OAuthSecret {
  kind: AccountKind.OAUTH2
  authorizeUrl: string
  tokenUrl: string
  clientId: string
  clientSecret: string | null
  scopes: string
  clientAuthentication: ClientAuthentication
  /** Null until somebody agreed. */
  tokens: OAuthTokens | null
}

/** An account in the clear: the JSON that is encrypted. Never logged, never returned. */
export type AccountSecret = HeaderSecret | OAuthSecret
