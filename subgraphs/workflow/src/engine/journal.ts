import { FencedError, type CheckpointRow, type EffectRow, type Flusher, type Holder, type TransitionDraft } from './flusher.ts'
import type { SavedWrite } from './lease.ts'

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

/** How long a started step may go unseen: a faster one is told together with its end. */
const NOTE_DELAY_MS = 25

/**
 * What one execution of a run writes: a buffer of transitions, effects and checkpoints that goes out fenced, all or nothing. Flushes go
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
    private readonly flusher: Flusher,
    private readonly holder: Holder,
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
    const { organizationId, runId, epoch } = this.holder
    const text = `select workflow.${how}_run($1, $2, $3) as queued`
    const { rows } = await this.#unlessBroken(() =>
      this.flusher.pool.query<{ queued: boolean }>({ name: how, text, values: [organizationId, runId, epoch] }),
    )
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
    const patch: Record<string, unknown> = { ...this.#deferredPatch, ...given }
    this.#effects = new Map()
    this.#deferred = []
    this.#deferredPatch = {}
    const parts = [transitions, effects, checkpoints, writes, Object.keys(patch)]
    if (parts.every(({ length }) => length === 0) && review === undefined && wait === undefined) return
    if (head !== undefined) patch['checkpointId'] = head
    const flush = { transitions, patch, checkpoints, writes, effects, review, wait }
    await this.#unlessBroken(() => this.flusher.write(this.holder, flush))
    if (transitions.length > 0) this.onWritten()
  }

  async #unlessBroken<T>(write: () => Promise<T>): Promise<T> {
    if (this.#broken !== undefined) throw this.#broken
    try {
      return await write()
    } catch (error) {
      this.#broken = (error as { code?: string }).code === 'SB001' ? new FencedError('the run is no longer held') : error
      throw this.#broken
    }
  }
}
