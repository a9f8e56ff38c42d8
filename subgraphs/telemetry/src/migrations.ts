import { migrate, pendingMigrations } from '@signalbox/shared/migrations'
import { fileURLToPath } from 'node:url'

const location = { schema: 'telemetry', directory: fileURLToPath(new URL('../migrations', import.meta.url)) }

/** Brings the `telemetry` schema up to date with its owner's address. */
export const migrateTelemetry = (ownerUrl: string): Promise<string[]> => migrate({ url: ownerUrl, ...location })

/** @throws when the database cannot be reached */
export const pendingTelemetryMigrations = (url: string): Promise<string[]> => pendingMigrations({ url, ...location })
