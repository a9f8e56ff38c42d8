import { fileURLToPath } from 'node:url'
import { migrate, pendingMigrations } from '@signalbox/shared/migrations'

const location = { schema: 'auth', directory: fileURLToPath(new URL('../migrations', import.meta.url)) }

/** Brings the `auth` schema up to date with its owner's address. */
export const migrateAuth = (ownerUrl: string): Promise<string[]> => migrate({ url: ownerUrl, ...location })

/** @throws when the database cannot be reached */
export const pendingAuthMigrations = (url: string): Promise<string[]> => pendingMigrations({ url, ...location })
