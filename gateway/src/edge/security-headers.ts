import type { FastifyInstance, FastifyReply } from 'fastify'

/** For everything that is no page: nothing in it may load, run or be framed. */
const INERT_POLICY = "default-src 'none'; frame-ancestors 'none'"

/** Headers of every answer. A route that needs another content policy or cache sets its own first. */
export function securityHeaders(publicUrl: string): (reply: FastifyReply) => void {
  const isSecure = publicUrl.startsWith('https:')
  return (reply) => {
    if (!reply.hasHeader('content-security-policy')) reply.header('content-security-policy', INERT_POLICY)
    if (!reply.hasHeader('cache-control')) reply.header('cache-control', 'no-store')
    if (reply.statusCode === 401 && !reply.hasHeader('www-authenticate')) reply.header('www-authenticate', 'Bearer')
    reply.header('x-content-type-options', 'nosniff')
    reply.header('referrer-policy', 'same-origin')
    reply.header('cross-origin-opener-policy', 'same-origin')
    reply.header('cross-origin-resource-policy', 'same-origin')
    if (isSecure) reply.header('strict-transport-security', 'max-age=31536000; includeSubDomains')
  }
}

export function installSecurityHeaders(app: FastifyInstance, setHeaders: (reply: FastifyReply) => void) {
  app.addHook('onSend', async (_request, reply) => setHeaders(reply))
}

/** The dashboard asks for nothing of the device. */
export const PAGE_PERMISSIONS = [
  'accelerometer',
  'camera',
  'display-capture',
  'geolocation',
  'gyroscope',
  'magnetometer',
  'microphone',
  'midi',
  'payment',
  'usb',
]
  .map((feature) => `${feature}=()`)
  .join(', ')

/**
 * For the dashboard: its own scripts and nobody else's, and styles of its own files or with this answer's nonce (MUI's are written by
 * script).
 */
export function pagePolicy(publicUrl: string, nonce: string): string {
  const socket = new URL(publicUrl).origin.replace(/^http/, 'ws')
  return [
    "default-src 'self'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' data: blob:",
    "font-src 'self'",
    `connect-src 'self' ${socket}`,
    "worker-src 'self' blob:",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-src 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
  ].join('; ')
}
