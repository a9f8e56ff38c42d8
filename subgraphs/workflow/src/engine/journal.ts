import type { Pool } from 'pg'
import { toJson } from '../json.ts'
import type { RunFailure, TokenUsage } from '../runs/run-failure.ts'
import type { RunStatus, TransitionKind } from '../runs/run-status.ts'
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

export interface Flush {
  /** Told with what is flushed, never sooner and never without it. */
  transitions?: TransitionDraft[]
  /** What changes in the run's row; `workflow.advance` lists the keys. */
  patch?: Record<string, unknown>
  checkpoint?: CheckpointRow
  writes?: SavedWrite[]
  review?: Record<string, unknown> | undefined
  wait?: Record<string, unknown> | undefined
}

/** The run was taken by somebody else, cancelled, or has ended: nothing of this flush or a later one is kept. */
export class FencedError extends Error {
  override name = 'FencedError'
}

/** How long a started step may go unseen: a faster one is told together with its end. */
const NOTE_DELAY_MS = 25

/**
 * What one execution of a run writes: a buffer of transitions, effects and checkpoints that goes out in one fenced statement. Flushes go
 * one after the other; after the first that fails nothing is written any more.
 */
export class RunJournal {
  #transitions: TransitionDraft[] = []
  #effects = new Map<string, EffectRow>()
  #deferred: CheckpointRow[] = []
  #deferredPatch: Record<string, unknown> = {}
  /** Transitions that wait for the state that they tell of, by its place. */
  readonly #held = new Map<string, TransitionDraft>()
  /** Whether a step ended, since the last checkpoint was written, that another run of it might end otherwise. */
  mustKeep = false
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

  /** Keeps a transition until the saver has what it tells of: a crash must not leave one without the other. */
  hold(place: string, transition: TransitionDraft) {
    this.#held.set(place, { at: new Date(), ...transition })
  }

  /** The transitions that were held for those places, to be flushed with them. */
  release(places: string[]): TransitionDraft[] {
    return places.flatMap((place) => {
      const held = this.#held.get(place)
      this.#held.delete(place)
      return held ?? []
    })
  }

  effect(row: EffectRow) {
    this.#effects.set(`${row.task}\n${row.key}`, row)
  }

  /**
   * Buffers a checkpoint that nothing rests on yet, what it explains, and what it changes in the run's row: a crash before the next flush
   * loses nothing that cannot be had again.
   */
  defer(checkpoint: CheckpointRow, transitions: TransitionDraft[], patch: Record<string, unknown>) {
    this.#deferred.push(checkpoint)
    Object.assign(this.#deferredPatch, patch)
    this.#transitions.push(...transitions.map((one) => ({ ...one, checkpointId: checkpoint.id })))
  }

  /** Writes the buffer and what is given, all or nothing. @throws {FencedError} */
  flush(given: Flush = {}): Promise<void> {
    this.#pending += 1
    const transitions = (given.transitions ?? []).map((one) => ({ at: new Date(), ...one }))
    const flushed = this.#last.then(() => this.#write({ ...given, transitions })).finally(() => (this.#pending -= 1))
    this.#last = flushed.catch(() => {})
    return flushed
  }

  /** Everything is written; the run waits for answers, or is paused. Gives whether one is there already. @throws {FencedError} */
  park(): Promise<boolean> {
    return this.#giveBack('park')
  }

  /** Everything is written; the run was stopped between two steps: it is paused, or queued for another worker. @throws {FencedError} */
  yield(): Promise<boolean> {
    return this.#giveBack('yield')
  }

  async #giveBack(how: 'park' | 'yield'): Promise<boolean> {
    await this.flush()
    const { organizationId, runId, epoch } = this.run
    const text = `select workflow.${how}_run($1, $2, $3) as queued`
    const rows = await this.#fenced<{ queued: boolean }>(how, text, [organizationId, runId, epoch])
    this.onWritten()
    return rows[0]!.queued
  }

  /** Waits for what is under way; writes nothing more. */
  async close(): Promise<void> {
    clearTimeout(this.#timer)
    await this.#last
    this.#broken ??= new FencedError('the execution is over')
  }

  async #write({ patch: given = {}, checkpoint, writes = [], review, wait, transitions: told = [] }: Flush) {
    if (this.#broken !== undefined) throw this.#broken
    clearTimeout(this.#timer)
    this.#timer = undefined
    const checkpoints = [...this.#deferred, ...(checkpoint === undefined ? [] : [checkpoint])]
    const head = checkpoints.findLast(({ namespace }) => namespace === '')?.id
    const transitions = [...this.#transitions, ...told].map((one) => ({
      ...one,
      checkpointId: one.checkpointId ?? (one.kind === 'NODE_FINISHED' ? head : undefined),
    }))
    const effects = [...this.#effects.values()]
    this.#transitions = []
    const patch = { ...this.#deferredPatch, ...given }
    this.#effects = new Map()
    this.#deferred = []
    this.#deferredPatch = {}
    const parts = [transitions, effects, checkpoints, writes, Object.keys(patch)]
    if (parts.every(({ length }) => length === 0) && review === undefined && wait === undefined) return
    const { organizationId, runId, epoch } = this.run
    await this.#fenced('flush', FLUSH, [
      organizationId,
      runId,
      epoch,
      toJson(head === undefined ? patch : { ...patch, checkpointId: head }),
      toJson(transitions),
      checkpoints.length === 0 ? null : toJson(checkpoints.map(({ data: _data, metadata: _metadata, ...row }) => row)),
      checkpoints.length === 0 ? null : checkpoints.flatMap(({ data, metadata }) => [Buffer.from(data), Buffer.from(metadata)]),
      writes.length === 0 ? null : toJson(writes.map(({ data: _data, ...write }) => write)),
      writes.length === 0 ? null : writes.map(({ data }) => Buffer.from(data)),
      review === undefined ? null : toJson([review]),
      wait === undefined ? null : toJson([wait]),
      effects.length === 0 ? null : toJson(effects),
    ])
    if (transitions.length > 0) this.onWritten()
  }

  async #fenced<R extends object>(name: string, text: string, values: unknown[]): Promise<R[]> {
    if (this.#broken !== undefined) throw this.#broken
    try {
      return (await this.pool.query<R>({ name, text, values })).rows
    } catch (error) {
      this.#broken = (error as { code?: string }).code === 'SB001' ? new FencedError('the run is no longer held') : error
      throw this.#broken
    }
  }
}

const FLUSH = 'select workflow.flush($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)'
