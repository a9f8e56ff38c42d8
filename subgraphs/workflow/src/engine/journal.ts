import type { Pool } from 'pg'
import { toJson } from '../json.ts'
import type { RunFailure, TokenUsage } from '../runs/run-failure.ts'
import type { RunStatus, TransitionKind } from '../runs/run-status.ts'
import type { SavedWrite } from './lease.ts'

/** A transition before it has its number. */
export interface TransitionDraft {
  kind: keyof typeof TransitionKind
  status: keyof typeof RunStatus
  summary: string
  at?: Date
  node?: string
  agent?: string | null
  attempt?: number
  durationMs?: number
  checkpointId?: string
  stateDiff?: unknown
  failure?: RunFailure
  usage?: TokenUsage | null
}

export interface EffectRow {
  key: string
  kind: string
  settled: boolean
  result: unknown
}

export interface Flush {
  /** What changes in the run's row; `workflow.advance` lists the keys. */
  patch?: Record<string, unknown>
  checkpoint?: {
    namespace: string
    id: string
    parentId: string | null
    step: number
    source: string
    type: string
    data: Uint8Array
    metadataType: string
    metadata: Uint8Array
  }
  writes?: SavedWrite[]
  review?: Record<string, unknown>
}

/** The run was taken by somebody else, cancelled, or has ended: nothing of this flush or a later one is kept. */
export class FencedError extends Error {
  override name = 'FencedError'
}

/** How long a started step may go unseen: a faster one is told together with its end. */
const NOTE_DELAY_MS = 25

/**
 * What one execution of a run writes: a buffer of transitions and effects that goes along with the next checkpoint, in one fenced
 * statement. Flushes go one after the other; after the first that fails nothing is written any more.
 */
export class RunJournal {
  #transitions: TransitionDraft[] = []
  #effects = new Map<string, EffectRow>()
  #last: Promise<void> = Promise.resolve()
  #timer: NodeJS.Timeout | undefined
  #pending = 0
  #broken: unknown

  constructor(
    private readonly pool: Pick<Pool, 'query'>,
    private readonly run: { organizationId: string; runId: string; epoch: number },
    private readonly onWritten: () => void,
  ) {}

  /** Whether a flush is under way. */
  get busy() {
    return this.#pending > 0
  }

  /** Buffers a transition; it is written with the next flush, at the latest in 25 ms when it is `soon`. */
  note(transition: TransitionDraft, soon = false) {
    this.#transitions.push({ at: new Date(), ...transition })
    if (soon) this.#timer ??= setTimeout(() => void this.flush().catch(() => {}), NOTE_DELAY_MS)
  }

  effect(row: EffectRow) {
    this.#effects.set(row.key, row)
  }

  /** Writes the buffer and what is given, all or nothing. @throws {FencedError} */
  flush(given: Flush = {}): Promise<void> {
    this.#pending += 1
    const flushed = this.#last.then(() => this.#write(given)).finally(() => (this.#pending -= 1))
    this.#last = flushed.catch(() => {})
    return flushed
  }

  /** Waits for what is under way; writes nothing more. */
  async close(): Promise<void> {
    clearTimeout(this.#timer)
    await this.#last
    this.#broken ??= new FencedError('the execution is over')
  }

  async #write({ patch = {}, checkpoint, writes, review }: Flush) {
    if (this.#broken !== undefined) throw this.#broken
    clearTimeout(this.#timer)
    this.#timer = undefined
    const transitions = this.#transitions.map((one) => ({
      ...one,
      checkpointId: one.checkpointId ?? (one.kind === 'NODE_FINISHED' ? checkpoint?.id : undefined),
    }))
    const effects = [...this.#effects.values()]
    this.#transitions = []
    this.#effects = new Map()
    const nothing =
      transitions.length + effects.length === 0 && !checkpoint && !writes?.length && !review && Object.keys(patch).length === 0
    if (nothing) return
    const { organizationId, runId, epoch } = this.run
    const state =
      checkpoint === undefined
        ? undefined
        : {
            namespace: checkpoint.namespace,
            id: checkpoint.id,
            parentId: checkpoint.parentId,
            step: checkpoint.step,
            source: checkpoint.source,
          }
    try {
      await this.pool.query('select workflow.flush($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)', [
        organizationId,
        runId,
        epoch,
        toJson(checkpoint?.namespace === '' ? { ...patch, checkpointId: checkpoint.id } : patch),
        toJson(transitions),
        state && toJson(state),
        checkpoint?.type,
        checkpoint && Buffer.from(checkpoint.data),
        checkpoint?.metadataType,
        checkpoint && Buffer.from(checkpoint.metadata),
        writes?.length ? toJson(writes.map(({ data: _data, ...write }) => write)) : null,
        writes?.length ? writes.map(({ data }) => Buffer.from(data)) : null,
        review && toJson(review),
        effects.length > 0 ? toJson(effects) : null,
      ])
    } catch (error) {
      this.#broken = (error as { code?: string }).code === 'SB001' ? new FencedError('the run is no longer held') : error
      throw this.#broken
    }
    if (transitions.length > 0) this.onWritten()
  }
}
