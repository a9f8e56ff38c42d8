import { fileURLToPath } from 'node:url'
import { migrate } from '../migrations.ts'

/** Brings the `events` schema up to date with its owner's address. */
export const migrateEvents = (ownerUrl: string): Promise<string[]> =>
  migrate({ url: ownerUrl, schema: 'events', directory: fileURLToPath(new URL('../../migrations', import.meta.url)) })
