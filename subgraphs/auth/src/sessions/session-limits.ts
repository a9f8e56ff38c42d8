import { z } from 'zod'

/** How long sessions last; Postgres intervals. */
export interface SessionLimits {
  /** From signing in, whatever happens. */
  maxLifetime: string
  /** Since the last renewal. */
  maxIdle: string
}

/**
 * Spread it into the shape that `readEnv` gets. The defaults follow NIST SP 800-63B-4 for one factor (AAL1, 2.1.3): sign in again after 30
 * days at the latest. It asks for no limit of inactivity there; 14 days end what was forgotten on a device.
 */
export const sessionEnv = {
  /** Days after which a session is over, however busy it is. */
  SESSION_MAX_DAYS: z.coerce.number().min(0.01).max(365).default(30),
  /** Days after which a session that nobody used is over. */
  SESSION_IDLE_DAYS: z.coerce.number().min(0.01).max(365).default(14),
}

export const sessionLimits = (env: { SESSION_MAX_DAYS: number; SESSION_IDLE_DAYS: number }): SessionLimits => ({
  maxLifetime: `${env.SESSION_MAX_DAYS} days`,
  maxIdle: `${env.SESSION_IDLE_DAYS} days`,
})
