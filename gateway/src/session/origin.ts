const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]'])

/**
 * Whether a browser's `Origin` is the gateway's own page. No origin is no browser: fine, but cookies do not count for it. A gateway on
 * this machine is reached by several names; they are one.
 */
export function isOwnOrigin(origin: string, publicUrl: string): boolean {
  if (!URL.canParse(origin)) return false
  const theirs = new URL(origin)
  const ours = new URL(publicUrl)
  if (theirs.origin === ours.origin) return true
  const areLocal = LOOPBACK.has(theirs.hostname) && LOOPBACK.has(ours.hostname)
  return areLocal && theirs.protocol === ours.protocol && theirs.port === ours.port
}
