import type { Pool } from 'pg'
import type { Logger } from '@signalbox/shared/logger'
import type { WorkflowDefinition } from '../workflows/definition.ts'

/** A pending write as LangGraph gave it, in order. */
export interface SavedWrite {
  namespace: string
  checkpointId: string
  taskId: string
  idx: number
  path: string
  channel: string
  type: string
  data: Uint8Array
}

export interface SavedCheckpoint {
  type: string
  data: Uint8Array
  metadataType: string
  metadata: Uint8Array
  parentId: string | null
}

export interface DecidedReview {
  id: string
  interruptId: string
  checkpointId: string
  status: string
  action: string | null
  value: Record<string, unknown> | null
  comment: string | null
}

export interface LedgerEntry {
  settled: boolean
  result: unknown
}

/** All that a worker needs to execute a run that it has just taken, read in one statement. */
export interface LeasedRun {
  organizationId: string
  runId: string
  /** The fencing token: every write shows it, and fails once somebody else has taken the run. */
  epoch: number
  versionId: string
  slug: string
  input: Record<string, unknown>
  definition: WorkflowDefinition
  checkpointId: string | null
  checkpoint: SavedCheckpoint | null
  writes: SavedWrite[]
  reviews: DecidedReview[]
  effects: Record<string, LedgerEntry>
  /** Failed attempts by node since it last succeeded. */
  attempts: Record<string, number>
  /** How often a worker was lost while it held the run. */
  takeovers: number
}

interface LeaseRow {
  run: Record<string, never> & {
    epoch: number
    version_id: string
    input: Record<string, unknown>
    checkpoint_id: string | null
    attempts: Record<string, number>
    takeovers: number
  }
  definition: WorkflowDefinition
  slug: string
  checkpoint_type: string | null
  checkpoint: Buffer
  metadata_type: string
  metadata: Buffer
  parent_id: string | null
  writes: (Omit<SavedWrite, 'data' | 'namespace' | 'checkpointId'> & { data: string })[] | null
  reviews: DecidedReview[] | null
  effects: Record<string, LedgerEntry> | null
}

export interface LeaseOptions {
  pool: Pool
  log: Logger
  /** Unique per process. */
  owner: string
  /** How long a lease holds without a heartbeat, milliseconds; a third of it is the heartbeat. */
  leaseMs: number
}

/**
 * The leases of one worker: taken by compare-and-set, extended by one heartbeat for all, lost when the heartbeat finds another holder.
 * See "fencing token" in Kleppmann, Designing Data-Intensive Applications, chapter 8.
 */
export class Leases implements Disposable {
  readonly #held = new Map<string, AbortController>()
  readonly #timer: NodeJS.Timeout
  #extendedAt = Date.now()

  constructor(private readonly options: LeaseOptions) {
    this.#timer = setInterval(() => void this.#extend(), options.leaseMs / 3)
  }

  /** The run with everything needed to execute it, or undefined when it is not to be executed now or somebody else holds it. */
  async take(organizationId: string, runId: string): Promise<LeasedRun | undefined> {
    const { pool, owner, leaseMs } = this.options
    const { rows } = await pool.query<LeaseRow>('select * from workflow.lease_run($1, $2, $3, $4)', [
      organizationId,
      runId,
      owner,
      leaseMs,
    ])
    return rows[0] && toLeasedRun(organizationId, runId, rows[0])
  }

  /** Keeps the lease alive until released. The signal fires when it was lost. */
  hold(runId: string): { signal: AbortSignal; release(): void } {
    const controller = new AbortController()
    this.#held.set(runId, controller)
    return { signal: controller.signal, release: () => this.#held.delete(runId) }
  }

  /** Runs that nobody executes though they should be: their holder is gone, or their job was lost. */
  async abandoned(limit: number): Promise<{ organizationId: string; runId: string }[]> {
    const { rows } = await this.options.pool.query<{ organization_id: string; run_id: string }>(
      'select * from workflow.abandoned_runs($1)',
      [limit],
    )
    return rows.map((row) => ({ organizationId: row.organization_id, runId: row.run_id }))
  }

  [Symbol.dispose]() {
    clearInterval(this.#timer)
  }

  async #extend() {
    const { pool, owner, leaseMs, log } = this.options
    const held = [...this.#held]
    if (held.length === 0) return
    try {
      const asked = Date.now()
      const { rows } = await pool.query<{ run_id: string }>('select * from workflow.extend_leases($1, $2, $3)', [
        owner,
        held.map(([id]) => id),
        leaseMs,
      ])
      this.#extendedAt = asked
      const own = new Set(rows.map((row) => row.run_id))
      for (const [runId, controller] of held) if (!own.has(runId)) controller.abort(new Error('the lease was lost'))
    } catch (error) {
      log.warn({ err: error }, 'could not extend the leases')
      if (Date.now() - this.#extendedAt > leaseMs)
        for (const [, controller] of held) controller.abort(new Error('the lease has ended'))
    }
  }
}

function toLeasedRun(organizationId: string, runId: string, row: LeaseRow): LeasedRun {
  const { run } = row
  const checkpointId = run.checkpoint_id
  return {
    organizationId,
    runId,
    epoch: run.epoch,
    versionId: run.version_id,
    slug: row.slug,
    input: run.input,
    definition: row.definition,
    checkpointId,
    checkpoint:
      row.checkpoint_type === null
        ? null
        : {
            type: row.checkpoint_type,
            data: row.checkpoint,
            metadataType: row.metadata_type,
            metadata: row.metadata,
            parentId: row.parent_id,
          },
    writes: (row.writes ?? []).map((write) => ({
      ...write,
      namespace: '',
      checkpointId: checkpointId!,
      data: Buffer.from(write.data, 'base64'),
    })),
    reviews: row.reviews ?? [],
    effects: row.effects ?? {},
    attempts: run.attempts,
    takeovers: run.takeovers,
  }
}
