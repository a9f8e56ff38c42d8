import type { FastifyInstance } from 'fastify'

/** For everything that is no page: nothing in it may load, run or be framed. */
const INERT_POLICY = "default-src 'none'; frame-ancestors 'none'"

/** Headers of every answer. A route that needs another content policy sets its own first. */
export function installSecurityHeaders(app: FastifyInstance, publicUrl: string) {
  const isSecure = publicUrl.startsWith('https:')
  app.addHook('onSend', async (_request, reply) => {
    if (!reply.hasHeader('content-security-policy')) reply.header('content-security-policy', INERT_POLICY)
    if (!reply.hasHeader('cache-control')) reply.header('cache-control', 'no-store')
    reply.header('x-content-type-options', 'nosniff')
    reply.header('referrer-policy', 'same-origin')
    reply.header('cross-origin-opener-policy', 'same-origin')
    reply.header('cross-origin-resource-policy', 'same-origin')
    if (isSecure) reply.header('strict-transport-security', 'max-age=31536000; includeSubDomains')
  })
}

/** For the dashboard: its own scripts and nobody else's; MUI writes its styles into the page. */
export function pagePolicy(publicUrl: string): string {
  const socket = new URL(publicUrl).origin.replace(/^http/, 'ws')
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self' data:",
    `connect-src 'self' ${socket}`,
    "worker-src 'self' blob:",
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ')
}
