import { createHash, randomBytes } from 'node:crypto'
import { isEgressError, type Egress } from '@signalbox/shared/egress'
import { z } from 'zod'
import type { OAuthSecret, OAuthTokens } from './account-secret.ts'
import { ClientAuthentication } from './account.inputs.ts'

/** The provider gave no token. `final`: it will not do so until somebody agrees again or the settings are mended. */
export class OAuthError extends Error {
  override name = 'OAuthError'

  constructor(
    message: string,
    readonly final: boolean,
    options?: { cause?: unknown },
  ) {
    super(message, options)
  }
}

const answerShape = z.object({
  access_token: z.string().min(1).max(20_000),
  token_type: z
    .string()
    .regex(/^bearer$/i)
    .optional(),
  expires_in: z.coerce.number().int().positive().optional(),
  refresh_token: z.string().min(1).max(20_000).optional(),
})

/** RFC 7636, 4.1. */
export const newVerifier = (): string => randomBytes(32).toString('base64url')

/** The authorization request (RFC 6749, 4.1.1) with PKCE (RFC 7636, S256); parameters that the address has already stay. */
export function authorizeUrl(
  { authorizeUrl, clientId, scopes }: OAuthSecret,
  redirectUri: string,
  state: string,
  verifier: string,
): string {
  const url = new URL(authorizeUrl)
  const parameters = {
    response_type: 'code',
    client_id: clientId,
    redirect_uri: redirectUri,
    ...(scopes === '' ? {} : { scope: scopes }),
    state,
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
  }
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value)
  return url.href
}

/** @throws {OAuthError} */
export const exchangeCode = (secret: OAuthSecret, egress: Egress, code: string, redirectUri: string, verifier: string) =>
  askForTokens(secret, egress, { grant_type: 'authorization_code', code, redirect_uri: redirectUri, code_verifier: verifier })

/** New tokens; a provider that gives no new refresh token goes on with the old one (RFC 6749, 6). @throws {OAuthError} */
export async function refreshTokens(secret: OAuthSecret, egress: Egress): Promise<OAuthTokens> {
  const refreshToken = secret.tokens?.refreshToken
  if (refreshToken == null) throw new OAuthError('The access has ended, and the provider gave nothing to renew it with.', true)
  const tokens = await askForTokens(secret, egress, { grant_type: 'refresh_token', refresh_token: refreshToken })
  return { ...tokens, refreshToken: tokens.refreshToken ?? refreshToken }
}

async function askForTokens(secret: OAuthSecret, egress: Egress, fields: Record<string, string>): Promise<OAuthTokens> {
  const response = await egress
    .fetch(secret.tokenUrl, {
      method: 'POST',
      maxRedirects: 0,
      maxBytes: 64 * 1024,
      timeoutMs: 10_000,
      ...formOf(secret, fields),
    })
    .catch((error: unknown) => {
      if (!isEgressError(error)) throw error
      throw new OAuthError(`The provider could not be asked. ${error.message}`, !error.retryable, { cause: error })
    })
  // 5.2: a refusal is 400 or 401.
  if (!response.ok)
    throw new OAuthError(
      `The provider refused (status ${response.status}${codeIn(response)}).`,
      [400, 401, 403].includes(response.status),
    )
  const parsed = answerShape.safeParse(jsonIn(response))
  if (!parsed.success) throw new OAuthError('The provider’s answer has no token that can be used.', true)
  const { access_token: accessToken, refresh_token, expires_in } = parsed.data
  return {
    accessToken,
    refreshToken: refresh_token ?? null,
    expiresAt: expires_in === undefined ? null : Date.now() + expires_in * 1_000,
  }
}

/** RFC 6749, 2.3.1: Basic takes both form-encoded. */
function formOf({ clientId, clientSecret, clientAuthentication }: OAuthSecret, fields: Record<string, string>) {
  const encode = (text: string) => new URLSearchParams({ x: text }).toString().slice(2)
  const isBasic = clientSecret !== null && clientAuthentication === ClientAuthentication.HEADER
  const own = isBasic ? {} : { client_id: clientId, ...(clientSecret === null ? {} : { client_secret: clientSecret }) }
  const basic = isBasic && Buffer.from(`${encode(clientId)}:${encode(clientSecret)}`).toString('base64')
  return {
    headers: {
      accept: 'application/json',
      'content-type': 'application/x-www-form-urlencoded',
      ...(basic === false ? {} : { authorization: `Basic ${basic}` }),
    },
    body: new URLSearchParams({ ...fields, ...own }).toString(),
  }
}

function jsonIn(response: { json(): unknown }): unknown {
  try {
    return response.json()
  } catch {
    return null
  }
}

/** The error code of 5.2, where there is one; never its description, which may repeat what was sent. */
function codeIn(response: { json(): unknown }): string {
  const code = (jsonIn(response) as { error?: unknown } | null)?.error
  return typeof code === 'string' && /^[a-z_]{1,40}$/.test(code) ? `, ${code}` : ''
}
