import type { Pool } from 'pg'
import { toJson } from '../json.ts'
import type { RunFailure, TokenUsage } from '../runs/run-failure.ts'
import type { RunStatus, TransitionKind } from '../runs/run-status.ts'
import { isConnectionFailure } from '../tenant.ts'
import type { EffectState, SavedCheckpoint, SavedWrite } from './lease.ts'

/** A transition before it has its number. */
export interface TransitionDraft {
  kind: keyof typeof TransitionKind
  status: keyof typeof RunStatus
  summary: string
  at?: Date
  node?: string
  item?: number | undefined
  agent?: string | null
  attempt?: number
  durationMs?: number
  checkpointId?: string
  stateDiff?: unknown
  failure?: RunFailure
  usage?: TokenUsage | null
}

export interface EffectRow {
  task: string
  key: string
  kind: string
  state: EffectState
  result: unknown
}

/** A checkpoint on its way into the database. */
export interface CheckpointRow extends SavedCheckpoint {
  namespace: string
  step: number
  source: string
}

/** Who writes: the run, under the epoch that it was taken with. */
export interface Holder {
  organizationId: string
  runId: string
  epoch: number
}

/** What one run writes at once, all or nothing. */
export interface RunFlush {
  transitions: TransitionDraft[]
  /** What changes in the run's row; `workflow.advance` lists the keys. */
  patch: Record<string, unknown>
  checkpoints: CheckpointRow[]
  writes: SavedWrite[]
  effects: EffectRow[]
  review: Record<string, unknown> | undefined
  wait: Record<string, unknown> | undefined
}

/** The run was taken by somebody else, cancelled, or has ended: nothing of this flush or a later one is kept. */
export class FencedError extends Error {
  override name = 'FencedError'
}

interface Waiting {
  holder: Holder
  flush: RunFlush
  settled: PromiseWithResolvers<void>
}

/** Runs of which one statement writes at most. */
const MAX_GROUP = 16

/**
 * Writes what the runs of one process flush. While the flush of an organisation's run is under way, others of that organisation wait and go
 * out together in the next, in one transaction: a commit costs as much as what it commits. Nobody waits for company. (Group commit: DeWitt et
 * al., Implementation Techniques for Main Memory Database Systems, 1984.)
 */
export class Flusher {
  /** By organisation, while a flush of it is under way. */
  readonly #waiting = new Map<string, Waiting[]>()

  constructor(readonly pool: Pick<Pool, 'query'>) {}

  /** @throws {FencedError} */
  write(holder: Holder, flush: RunFlush): Promise<void> {
    const { organizationId } = holder
    const settled = Promise.withResolvers<void>()
    const waiting = this.#waiting.get(organizationId)
    if (waiting !== undefined) waiting.push({ holder, flush, settled })
    else {
      this.#waiting.set(organizationId, [{ holder, flush, settled }])
      void this.#drain(organizationId)
    }
    return settled.promise
  }

  async #drain(organizationId: string) {
    const waiting = this.#waiting.get(organizationId)!
    while (waiting.length > 0) await this.#writeGroup(organizationId, waiting.splice(0, MAX_GROUP))
    this.#waiting.delete(organizationId)
  }

  /** Never rejects. What the database refuses of one run must not befall the others of its group. */
  async #writeGroup(organizationId: string, group: Waiting[]): Promise<void> {
    try {
      const fenced = await this.#send(organizationId, group)
      for (const { holder, settled } of group) {
        if (fenced.has(holder.runId)) settled.reject(new FencedError('the run is no longer held'))
        else settled.resolve()
      }
    } catch (error) {
      if (group.length > 1 && !isConnectionFailure(error)) for (const one of group) await this.#writeGroup(organizationId, [one])
      else for (const { settled } of group) settled.reject(error)
    }
  }

  /** Gives the runs that are fenced. */
  async #send(organizationId: string, group: Waiting[]): Promise<Set<string>> {
    const data = new Blocks()
    const flushes = group.map(({ holder, flush }) => {
      const { patch, transitions, checkpoints, writes, effects, review, wait } = flush
      return {
        runId: holder.runId,
        epoch: holder.epoch,
        patch,
        transitions,
        checkpoints: someOf(checkpoints.map((row) => ({ ...row, data: data.add(row.data), metadata: data.add(row.metadata) }))),
        writes: someOf(writes.map((row) => ({ ...row, data: data.add(row.data) }))),
        effects: someOf(effects),
        reviews: review && [review],
        waits: wait && [wait],
      }
    })
    const { rows } = await this.pool.query<{ run_id: string }>({
      name: 'flush_runs',
      text: 'select workflow.flush_runs($1, $2, $3) as run_id',
      values: [organizationId, toJson(flushes), data.whole()],
    })
    return new Set(rows.map((row) => row.run_id))
  }
}

const someOf = <T>(rows: T[]): T[] | undefined => (rows.length === 0 ? undefined : rows)

/** Bytes of many rows as one parameter, which goes out in binary. */
class Blocks {
  readonly #blocks: Uint8Array[] = []
  #length = 0

  /** Gives where they lie: [position from 1, length]. */
  add(bytes: Uint8Array): [number, number] {
    this.#blocks.push(bytes)
    this.#length += bytes.length
    return [this.#length - bytes.length + 1, bytes.length]
  }

  whole(): Buffer {
    return Buffer.concat(this.#blocks, this.#length)
  }
}
