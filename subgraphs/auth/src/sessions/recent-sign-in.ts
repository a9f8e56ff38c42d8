import type { EntityManager } from '@mikro-orm/postgresql'
import { ForbiddenError } from '@signalbox/shared/errors'
import type { Viewer } from '@signalbox/shared/viewer'

const MINUTES = 15

/**
 * For what would let who found a browser open stay for good: the session must have been opened by a code within 15 minutes, and renewing it
 * does not count (ASVS 5.0, 7.5.1).
 * @param what a person wants to do: `change your phone`
 * @throws {ForbiddenError}
 */
export async function requireRecentSignIn(em: EntityManager, { actorId, sessionId }: Viewer, what: string): Promise<void> {
  const [{ recent }] = await em.execute<[{ recent: boolean }]>('select auth.signed_in_within(?, ?, ?::interval) as recent', [
    actorId,
    sessionId,
    `${MINUTES} minutes`,
  ])
  if (recent) return
  throw new ForbiddenError(
    `Sign in again to ${what}: that is asked for when the last sign-in is more than ${MINUTES} minutes ago.`,
  )
}
