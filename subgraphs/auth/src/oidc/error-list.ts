import type { KoaContextWithOIDC } from 'oidc-provider'

const CODES: Record<string, string> = {
  invalid_client: 'UNAUTHENTICATED',
  invalid_token: 'UNAUTHENTICATED',
  unauthorized_client: 'FORBIDDEN',
  access_denied: 'FORBIDDEN',
  temporarily_unavailable: 'UNAVAILABLE',
  server_error: 'INTERNAL',
}

/** `errors[]` beside the standard `error`: n8n takes a body without it for a success, whatever the status. */
export const errorList = (error: string, description: string | undefined) => [
  { message: description ?? error, extensions: { code: CODES[error] ?? 'BAD_USER_INPUT', error } },
]

/** Koa middleware of the provider. */
export async function addErrorList(ctx: KoaContextWithOIDC, next: () => Promise<void>): Promise<void> {
  await next()
  const body = ctx.body as { error?: string; error_description?: string } | undefined
  if (ctx.status >= 400 && typeof body?.error === 'string') {
    ctx.body = { ...body, errors: errorList(body.error, body.error_description) }
  }
}
