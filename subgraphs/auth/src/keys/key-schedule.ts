import type { MikroORM } from '@mikro-orm/postgresql'
import { Audit } from '@signalbox/shared/audit'
import type { Logger } from '@signalbox/shared/logger'
import type { Rotation, SigningKeys } from './signing-keys.ts'

const HOUR_MS = 3_600_000

/**
 * Rotates the signing key when it is old, asked every hour by every process: the database lets one of them do it.
 * @param days that a key signs
 */
export function scheduleRotation(keys: SigningKeys, orm: MikroORM, days: number, log: Logger): AsyncDisposable {
  const rotate = async () => {
    try {
      const rotation = await keys.rotate({ minAgeDays: days })
      if (rotation) await recordRotation(orm, rotation, 'SCHEDULE', log)
    } catch (error) {
      log.warn({ err: error }, 'the age of the signing key could not be looked at; again in an hour')
    }
  }
  let last = rotate()
  const timer = setInterval(() => (last = rotate()), HOUR_MS)
  timer.unref()
  return {
    async [Symbol.asyncDispose]() {
      clearInterval(timer)
      await last
    },
  }
}

/** One line of the log and one entry of the platform's audit trail. @param cause SCHEDULE, COMMAND or LEAK */
export async function recordRotation(orm: MikroORM, { kid, signsFrom }: Rotation, cause: string, log: Logger): Promise<void> {
  log.info({ kid, signsFrom, cause }, 'signing key rotated')
  const details = { cause, signsFrom: signsFrom.toISOString() }
  await new Audit({ viewer: null, operation: 'keys:rotate' }).record(orm.em.fork(), null, {
    action: 'signing_key.rotated',
    outcome: 'ALLOWED',
    target: { type: 'SigningKey', id: kid },
    details,
  })
}
