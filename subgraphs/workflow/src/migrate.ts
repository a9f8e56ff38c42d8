import { fileURLToPath } from 'node:url'
import { migrate } from '@signalbox/shared/migrations'

export const MIGRATIONS = fileURLToPath(new URL('../migrations', import.meta.url))

/** Brings `workflow` and `checkpoint` up to date with their owner's address; names what ran. */
export const migrateWorkflow = (ownerUrl: string): Promise<string[]> =>
  migrate({ url: ownerUrl, schema: 'workflow', directory: MIGRATIONS })
