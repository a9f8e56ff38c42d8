import type { Pool } from 'pg'
import type { SavedCheckpoint, SavedWrite } from './lease.ts'

export interface CheckpointQuery {
  /** All unless given. */
  namespace?: string | undefined
  id?: string | undefined
  /** An id, exclusive. */
  before?: string | undefined
  limit?: number
}

export interface StoredCheckpoint {
  namespace: string
  checkpoint: SavedCheckpoint
  writes: SavedWrite[]
}

interface Row {
  namespace: string
  id: string
  parent_id: string | null
  type: string
  data: Buffer
  metadata_type: string
  metadata: Buffer
  writes: { taskId: string; idx: number; path: string; channel: string; type: string; data: string }[] | null
}

/** The saved states of one run as the database has them. */
export class CheckpointHistory {
  constructor(
    private readonly pool: Pick<Pool, 'query'>,
    private readonly run: { organizationId: string; runId: string },
  ) {}

  /** Newest first. */
  async read({ namespace, id, before, limit }: CheckpointQuery): Promise<StoredCheckpoint[]> {
    const { organizationId, runId } = this.run
    const { rows } = await this.pool.query<Row>('select * from workflow.read_checkpoints($1, $2, $3, $4, $5, $6)', [
      organizationId,
      runId,
      namespace ?? null,
      id ?? null,
      before ?? null,
      limit ?? null,
    ])
    return rows.map((row) => ({
      namespace: row.namespace,
      checkpoint: {
        id: row.id,
        parentId: row.parent_id,
        type: row.type,
        data: row.data,
        metadataType: row.metadata_type,
        metadata: row.metadata,
      },
      writes: (row.writes ?? []).map((write) => ({
        ...write,
        namespace: row.namespace,
        checkpointId: row.id,
        data: Buffer.from(write.data, 'base64'),
      })),
    }))
  }

  /** Deletes them all. */
  async clear(): Promise<void> {
    await this.pool.query('select workflow.clear_checkpoints($1, $2)', [this.run.organizationId, this.run.runId])
  }
}
