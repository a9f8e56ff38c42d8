import type { KoaContextWithOIDC } from 'oidc-provider'

const CODES: Record<string, string> = {
  invalid_client: 'UNAUTHENTICATED',
  invalid_token: 'UNAUTHENTICATED',
  unauthorized_client: 'FORBIDDEN',
  access_denied: 'FORBIDDEN',
  temporarily_unavailable: 'UNAVAILABLE',
  server_error: 'INTERNAL',
  not_found: 'NOT_FOUND',
}

/** `errors[]` beside the standard `error`: n8n takes a body without it for a success, whatever the status. */
export const errorList = (error: string, description: string | undefined) => [
  { message: description ?? error, extensions: { code: CODES[error] ?? 'BAD_USER_INPUT', error } },
]

/** The database is away (RFC 6749, 4.1.2.1). */
export const TEMPORARILY_UNAVAILABLE = {
  error: 'temporarily_unavailable',
  error_description: 'The sign-in service cannot reach its database at the moment.',
}

/** Koa middleware of the provider. */
export async function addErrorList(ctx: KoaContextWithOIDC, next: () => Promise<void>): Promise<void> {
  await next()
  const { status } = ctx
  if (status < 400) return
  const body = (ctx.body ?? { error: 'not_found', error_description: 'There is no such address.' }) as OAuthError
  if (typeof body.error !== 'string' || 'errors' in body) return
  ctx.body = { ...body, errors: errorList(body.error, body.error_description) }
  ctx.status = status
}

/** RFC 6749, 5.2. */
interface OAuthError {
  error?: string
  error_description?: string
}
