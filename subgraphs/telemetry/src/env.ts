import { commonEnv, readEnv } from '@signalbox/shared/env'
import { revocationsEnv } from '@signalbox/shared/revocation-feed'
import { z } from 'zod'

const shape = {
  ...commonEnv,
  ...revocationsEnv,
  /** Role `telemetry_consumer`: relays and reads the event log, and writes the projections of every organisation. */
  CONSUMER_DATABASE_URL: z.url(),
}

export type TelemetryEnv = ReturnType<typeof readTelemetryEnv>

/** @throws {EnvError} naming every variable that is wrong */
export const readTelemetryEnv = (source?: Record<string, string | undefined>) => readEnv(shape, source)
