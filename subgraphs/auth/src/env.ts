import { commonEnv, readEnv } from '@signalbox/shared/env'
import { z } from 'zod'

const authEnv = {
  ...commonEnv,
  /** `smtp://user:password@host:port`, or `smtps://`. */
  SMTP_URL: z.url({ protocol: /^smtps?$/ }),
  MAIL_FROM: z.string().min(3).default('Signalbox <no-reply@signalbox.example>'),
  /** Keys the hashes of codes, refresh tokens and client secrets, and encrypts the signing keys. */
  AUTH_SECRET: z.string().min(32),
}

export type AuthEnv = ReturnType<typeof readAuthEnv>

export const readAuthEnv = (source?: Record<string, string | undefined>) => readEnv(authEnv, source)

/** What the seed needs beside the service's own environment. */
export const readSeedEnv = (source?: Record<string, string | undefined>) =>
  readEnv({ ...authEnv, CLI_CLIENT_SECRET: z.string().min(32) }, source)
