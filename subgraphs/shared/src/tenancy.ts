import type { SessionContext } from '@mikro-orm/core'

/**
 * The session settings that the row level security policies read: `app.organization` (may write) and `app.organizations` (may read).
 * Pass it to `em.fork({ session })`.
 */
export function tenantSession(organizationId: string, readable: readonly string[] = [organizationId]): SessionContext {
  return { variables: { 'app.organization': organizationId, 'app.organizations': `{${[...readable].join(',')}}` } }
}
