import { fileURLToPath } from 'node:url'
import { PgBoss } from 'pg-boss'
import pg from 'pg'
import { migrate } from '@signalbox/shared/migrations'
import { RUN_QUEUE } from './runs/run-queue.ts'

export const MIGRATIONS = fileURLToPath(new URL('../migrations', import.meta.url))

/** Brings `workflow`, `checkpoint` and `queue` up to date with their owner's address; names what ran. */
export async function migrateWorkflow(ownerUrl: string): Promise<string[]> {
  const ran = await migrate({ url: ownerUrl, schema: 'workflow', directory: MIGRATIONS })
  await migrateQueue(ownerUrl)
  return ran
}

/** pg-boss installs and migrates its own tables; the app role gets what it needs and no right to change them. */
async function migrateQueue(ownerUrl: string) {
  const boss = new PgBoss({
    connectionString: ownerUrl,
    schema: 'queue',
    createSchema: false,
    supervise: false,
    schedule: false,
    registerInstance: false,
    max: 1,
  })
  boss.on('error', () => {})
  await boss.start()
  try {
    const settings = { retryLimit: 5, retryDelay: 5, retryBackoff: true, expireInSeconds: 3_600, deleteAfterSeconds: 3_600 }
    if ((await boss.getQueue(RUN_QUEUE)) === null) await boss.createQueue(RUN_QUEUE, { policy: 'standard', ...settings })
    else await boss.updateQueue(RUN_QUEUE, settings)
  } finally {
    await boss.stop({ graceful: false, close: true })
  }
  const client = new pg.Client({ connectionString: ownerUrl })
  await client.connect()
  try {
    await client.query('grant execute on all functions in schema queue to workflow_app')
    await client.query('grant select, insert, update, delete on all tables in schema queue to workflow_app')
    await client.query('revoke insert, delete on queue.version from workflow_app')
  } finally {
    await client.end()
  }
}
