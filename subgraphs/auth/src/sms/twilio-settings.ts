import { EnvError } from '@signalbox/shared/env'
import { z } from 'zod'
import type { TwilioOptions } from './twilio.ts'

/** SMS through Twilio: all of it, or nothing. */
export const twilioEnv = {
  TWILIO_BASE_URL: z.url({ protocol: /^https?$/ }).default('https://api.twilio.com'),
  TWILIO_ACCOUNT_SID: z
    .string()
    .regex(/^AC[0-9a-f]{32}$/, 'must be AC and 32 hexadecimal digits')
    .optional(),
  TWILIO_AUTH_TOKEN: z.string().min(1).optional(),
  /** A number of ours in E.164, a short code, or an alphanumeric sender. */
  TWILIO_FROM: z
    .string()
    .regex(
      /^(\+[1-9]\d{6,14}|\d{3,8}|(?=.*[A-Za-z])[A-Za-z0-9 ]{1,11})$/,
      'must be a number such as +41791234567, or a sender of letters and digits',
    )
    .optional(),
  TWILIO_MESSAGING_SERVICE_SID: z
    .string()
    .regex(/^MG[0-9a-f]{32}$/, 'must be MG and 32 hexadecimal digits')
    .optional(),
}

export type TwilioEnv = z.infer<z.ZodObject<typeof twilioEnv>>

/** Null when nothing of it is set. @throws {EnvError} when a part of it is missing, or both kinds of sender are given */
export function twilioSettings(env: TwilioEnv): Pick<TwilioOptions, 'baseUrl' | 'accountSid' | 'authToken' | 'sender'> | null {
  const {
    TWILIO_ACCOUNT_SID: accountSid,
    TWILIO_AUTH_TOKEN: authToken,
    TWILIO_FROM: from,
    TWILIO_MESSAGING_SERVICE_SID: service,
  } = env
  if (!accountSid && !authToken && !from && !service) return null
  if (!accountSid || !authToken || Boolean(from) === Boolean(service)) {
    throw new EnvError(
      'SMS wants TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN and either TWILIO_FROM or TWILIO_MESSAGING_SERVICE_SID, or none of these.',
    )
  }
  return { baseUrl: env.TWILIO_BASE_URL, accountSid, authToken, sender: from ? { from } : { messagingServiceSid: service! } }
}
