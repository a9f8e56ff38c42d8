import { commonEnv, readEnv } from '@signalbox/shared/env'
import { sessionEnv } from './sessions/session-limits.ts'
import { twilioEnv } from './sms/twilio-settings.ts'
import { z } from 'zod'

const authEnv = {
  ...commonEnv,
  /** `smtp://user:password@host:port`, or `smtps://`. */
  SMTP_URL: z.url({ protocol: /^smtps?$/ }),
  MAIL_FROM: z.string().min(3).default('Signalbox <no-reply@signalbox.example>'),
  /** Keys the hashes of codes, refresh tokens and client secrets, and encrypts the signing keys. */
  AUTH_SECRET: z.string().min(32),
  /** One-time codes sent to one address in any hour. */
  CODE_SENDS_PER_HOUR: z.coerce.number().int().min(1).default(5),
  /** One-time codes asked for from one network address in any hour, whoever they are for. */
  CODE_SENDS_PER_CLIENT: z.coerce.number().int().min(1).default(30),
  /** Wrong codes in a row, over challenges, after which an address is locked. */
  CODE_LOCK_AFTER: z.coerce.number().int().min(5).default(20),
  ...sessionEnv,
  ...twilioEnv,
  /** Days after which the key that signs tokens is replaced by itself. */
  SIGNING_KEY_DAYS: z.coerce.number().int().min(1).max(365).default(30),
}

export type AuthEnv = ReturnType<typeof readAuthEnv>

export const readAuthEnv = (source?: Record<string, string | undefined>) => readEnv(authEnv, source)

/** What the seed needs beside the service's own environment. */
export const readSeedEnv = (source?: Record<string, string | undefined>) =>
  readEnv({ ...authEnv, CLI_CLIENT_SECRET: z.string().min(32) }, source)

/** What `rotate-keys.main.ts` needs. */
export const readRotationEnv = (source?: Record<string, string | undefined>) =>
  readEnv({ DATABASE_URL: commonEnv.DATABASE_URL, AUTH_SECRET: authEnv.AUTH_SECRET }, source)
