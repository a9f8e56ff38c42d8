import type { MikroORM } from '@mikro-orm/postgresql'
import type { ArtifactStore } from './artifact-store.ts'
import type { ClockTask } from '../clock.ts'

const BATCH = 100
const DAY = 86_400

interface LooseObject {
  organization_id: string
  object_key: string
}

/**
 * Removes contents that no artifact names any more: their run went by retention, or their upload broke off. The rows stay locked meanwhile, so
 * that an upload of the same content waits and stores it again. Gives how many went.
 */
export async function removeLooseObjects(orm: MikroORM, store: ArtifactStore, afterSeconds = DAY): Promise<number> {
  return orm.em.fork().transactional(async (em) => {
    const rows = await em.execute<LooseObject[]>('select * from workflow.claim_loose_objects(?, ?)', [afterSeconds, BATCH])
    for (const { object_key: key } of rows) await store.remove(key)
    await em.execute('select workflow.forget_loose_objects(?::jsonb)', [JSON.stringify(rows)])
    return rows.length
  })
}

export const looseObjectsTask = (orm: MikroORM, store: ArtifactStore): ClockTask => ({
  name: 'loose objects',
  everyMs: 60_000,
  async run() {
    while ((await removeLooseObjects(orm, store)) === BATCH);
  },
})
