import type { Pool } from 'pg'
import type { ActorKind } from '@signalbox/shared/actor'
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

/** A checkpoint as it is stored. */
export interface SavedCheckpoint {
  id: string
  parentId: string | null
  type: string
  data: Uint8Array
  metadataType: string
  metadata: Uint8Array
}

/** A question at which the graph stands: a review or a wait. */
export interface SavedInterrupt {
  interruptId: string
  node: string
  answered: boolean
  /** What `interrupt()` gives the step when it goes on. */
  answer: unknown
}

/**
 * What is known of an effect: RECORDED, tried and perhaps done; SETTLED, done, with its result; FAILED, not done. One that is RECORDED
 * when a worker takes the run is unknown: the other side may or may not have seen it.
 */
export type EffectState = 'RECORDED' | 'SETTLED' | 'FAILED'

export interface LedgerEntry {
  task: string
  key: string
  state: EffectState
  result: unknown
}

export interface Spent {
  tokens: number
  costUsd: number
}

/** All that a worker needs to execute a run that it has just taken, read in one statement. */
export interface LeasedRun {
  organizationId: string
  runId: string
  /** The fencing token: every write shows it, and fails once somebody else has taken the run. */
  epoch: number
  versionId: string
  slug: string
  caseId: string
  depth: number
  production: boolean
  input: Record<string, unknown>
  startedBy: { kind: ActorKind; id: string } | null
  queuedAt: Date
  definition: WorkflowDefinition
  /** The one that the run stands at. */
  checkpoint: SavedCheckpoint | null
  writes: SavedWrite[]
  interrupts: SavedInterrupt[]
  effects: LedgerEntry[]
  /** Failed attempts by node since it last succeeded. */
  attempts: Record<string, number>
  spent: Spent
  /** How often a worker was lost while it held the run, since it last got on. */
  takeovers: number
  /** Until when the lease that it was taken with holds at least: milliseconds of this process's `performance.now()`. */
  leasedUntil: number
}

interface LeaseRow {
  organization_id: string
  run: {
    id: string
    epoch: number
    version_id: string
    case_id: string
    depth: number
    production: boolean
    input: Record<string, unknown>
    started_by_kind: ActorKind | null
    started_by_id: string | null
    queued_at: string
    attempts: Record<string, number>
    spent: Partial<Spent>
    takeovers: number
  }
  definition: WorkflowDefinition
  slug: string
  checkpoint: Omit<SavedCheckpoint, 'data' | 'metadata'> | null
  checkpoint_data: Buffer
  metadata: Buffer
  writes: (Omit<SavedWrite, 'data' | 'namespace' | 'checkpointId'> & { data: string })[] | null
  interrupts: SavedInterrupt[] | null
  effects: LedgerEntry[] | null
}

export interface LeaseOptions {
  pool: Pool
  log: Logger
  /** Unique per process. */
  owner: string
  /** How long a lease holds without a heartbeat, milliseconds; a third of it is the heartbeat. */
  leaseMs: number
}

interface Hold {
  controller: AbortController
  /** By this process's clock, reckoned from before the database was asked. */
  until: number
}

export interface HeldLease {
  signal: AbortSignal
  /** Whether nobody else can have taken the run yet: a process that slept too long (stopped, swapped out) learns it here first. */
  isSure(): boolean
  release(): void
}

/**
 * The leases of one worker: taken with the run, extended by one heartbeat for all, lost when the heartbeat finds another holder.
 * See "fencing token" in Kleppmann, Designing Data-Intensive Applications, chapter 8.
 */
export class Leases implements Disposable {
  readonly #held = new Map<string, Hold>()
  #survived: Pick<LeasedRun, 'organizationId' | 'runId'>[] = []
  readonly #timer: NodeJS.Timeout

  constructor(private readonly options: LeaseOptions) {
    this.#timer = setInterval(() => void this.#extend(), options.leaseMs / 3)
  }

  /** Up to so many runs that want executing, those whose holder is gone first: leased, with everything needed to execute them. */
  async take(limit: number): Promise<LeasedRun[]> {
    const { pool, owner, leaseMs } = this.options
    const leasedUntil = performance.now() + leaseMs
    const { rows } = await pool.query<LeaseRow>({
      name: 'take_runs',
      text: 'select * from workflow.take_runs($1, $2, $3)',
      values: [owner, leaseMs, limit],
    })
    return rows.map((row) => ({ ...toLeasedRun(row), leasedUntil }))
  }

  /**
   * Keeps the lease alive until released. The signal fires when it was lost. A run that this process takes anew, because it had slept
   * past the lease, is held by the new execution alone.
   */
  hold({ runId, leasedUntil }: Pick<LeasedRun, 'runId' | 'leasedUntil'>): HeldLease {
    const hold: Hold = { controller: new AbortController(), until: leasedUntil }
    this.#held.get(runId)?.controller.abort(new Error('the run was taken anew'))
    this.#held.set(runId, hold)
    return {
      signal: hold.controller.signal,
      isSure: () => !hold.controller.signal.aborted && performance.now() < hold.until,
      release: () => {
        if (this.#held.get(runId) === hold) this.#held.delete(runId)
      },
    }
  }

  /**
   * Says that the run went away while this worker lived: a lease that ended under load, or an outage of the database. That does not count
   * against the run as a lost worker does. Told with the next heartbeat.
   */
  survive({ organizationId, runId }: Pick<LeasedRun, 'organizationId' | 'runId'>) {
    this.#survived.push({ organizationId, runId })
  }

  [Symbol.dispose]() {
    clearInterval(this.#timer)
  }

  async #extend() {
    const { pool, owner, leaseMs, log } = this.options
    const held = [...this.#held]
    const survived = this.#survived
    if (held.length + survived.length === 0) return
    try {
      const until = performance.now() + leaseMs
      const { rows } = await pool.query<{ run_id: string }>('select * from workflow.extend_leases($1, $2, $3)', [
        owner,
        held.map(([id]) => id),
        leaseMs,
      ])
      const own = new Set(rows.map((row) => row.run_id))
      for (const [runId, hold] of held) {
        if (own.has(runId)) hold.until = until
        else hold.controller.abort(new Error('the lease was lost'))
      }
      this.#survived = this.#survived.filter((one) => !survived.includes(one))
      for (const { organizationId, runId } of survived)
        await pool.query(`select workflow.advance($1, $2, null, '{"takeovers": -1}', '[]')`, [organizationId, runId])
    } catch (error) {
      log.warn({ err: error }, 'could not extend the leases')
      for (const [, { controller, until }] of held)
        if (performance.now() > until) controller.abort(new Error('the lease has ended'))
    }
  }
}

function toLeasedRun({ organization_id, run, checkpoint, ...row }: LeaseRow): Omit<LeasedRun, 'leasedUntil'> {
  return {
    organizationId: organization_id,
    runId: run.id,
    epoch: run.epoch,
    versionId: run.version_id,
    slug: row.slug,
    caseId: run.case_id,
    depth: run.depth,
    production: run.production,
    input: run.input,
    startedBy: run.started_by_kind === null ? null : { kind: run.started_by_kind, id: run.started_by_id! },
    queuedAt: new Date(run.queued_at),
    definition: row.definition,
    checkpoint: checkpoint && { ...checkpoint, data: row.checkpoint_data, metadata: row.metadata },
    writes: (row.writes ?? []).map((write) => ({
      ...write,
      namespace: '',
      checkpointId: checkpoint!.id,
      data: Buffer.from(write.data, 'base64'),
    })),
    interrupts: row.interrupts ?? [],
    effects: row.effects ?? [],
    attempts: run.attempts,
    spent: { tokens: run.spent.tokens ?? 0, costUsd: run.spent.costUsd ?? 0 },
    takeovers: run.takeovers,
  }
}
