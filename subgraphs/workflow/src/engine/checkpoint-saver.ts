import type { RunnableConfig } from '@langchain/core/runnables'
import {
  BaseCheckpointSaver,
  compareWritesSortKeys,
  copyCheckpoint,
  maxChannelVersion,
  TASKS,
  WRITES_IDX_MAP,
  writesSortKey,
  type ChannelVersions,
  type Checkpoint,
  type CheckpointListOptions,
  type CheckpointMetadata,
  type CheckpointPendingWrite,
  type CheckpointTuple,
  type PendingWrite,
} from '@langchain/langgraph-checkpoint'
import type { CheckpointHistory } from './checkpoint-history.ts'
import { StepError } from './failures.ts'
import type { CheckpointRow, TransitionDraft } from './flusher.ts'
import type { Flush, RunJournal } from './journal.ts'
import type { LeasedRun, SavedCheckpoint, SavedWrite } from './lease.ts'
import { openingOf, type InterruptValue } from './interrupts.ts'
import type { State } from './state.ts'

/** A state larger than this is a fault of the workflow: bytes of its JSON. */
export const MAX_STATE_BYTES = 4 * 1024 * 1024

/**
 * LangGraph's checkpoints of one leased run. Every value lies in its own checkpoint, so branches never share any (the stock Postgres
 * saver shares them by version number and mixes forks). A checkpoint goes out together with the writes that led to it and the
 * transitions that explain it, in one fenced statement; an interrupt, together with its review or wait. The checkpoint that the run stands
 * at comes from the lease's statement and from what was written since, as nobody else writes while the lease holds; older ones are read.
 */
export class RunCheckpointSaver extends BaseCheckpointSaver {
  /** Of the checkpoint that the steps under way began with. */
  #values: Partial<State> | undefined
  /** What the lease brought is what stands until something is written. */
  #fresh = true
  #pending: SavedWrite[] = []
  /** Of the steps whose writes are pending. */
  #told: TransitionDraft[] = []
  #waiters: PromiseWithResolvers<void>[] = []
  #armed = false
  /** Whether the graph has stopped at a question. */
  interrupted = false

  constructor(
    private readonly leased: Pick<LeasedRun, 'runId' | 'checkpoint' | 'writes' | 'interrupts' | 'takeovers'>,
    private readonly journal: RunJournal,
    private readonly history: CheckpointHistory,
  ) {
    super()
  }

  /** The state that the steps under way began with. */
  get state(): State {
    const values = this.#values ?? {}
    return { input: values.input ?? {}, results: values.results ?? {}, visits: values.visits ?? {} }
  }

  override async getTuple(config: RunnableConfig): Promise<CheckpointTuple | undefined> {
    const { namespace, id } = this.#placeOf(config)
    const { checkpoint, writes } = this.leased
    if (this.#fresh && namespace === '' && (id === undefined || id === checkpoint?.id)) {
      const tuple = checkpoint === null ? undefined : await this.#toTuple('', checkpoint, writes)
      this.#values = tuple?.checkpoint.channel_values
      return tuple
    }
    await this.#flush({})
    const [found] = await this.history.read({ namespace, id, limit: 1 })
    return found && this.#toTuple(namespace, found.checkpoint, found.writes)
  }

  override async *list(config: RunnableConfig, options: CheckpointListOptions = {}): AsyncGenerator<CheckpointTuple> {
    await this.#flush({})
    const given = config.configurable?.['checkpoint_ns'] as string | undefined
    const before = options.before?.configurable?.['checkpoint_id'] as string | undefined
    let left = options.limit ?? Infinity
    for (const { namespace, checkpoint, writes } of await this.history.read({
      namespace: given,
      id: this.#placeOf(config).id,
      before,
    })) {
      const tuple = await this.#toTuple(namespace, checkpoint, writes)
      const fits = Object.entries(options.filter ?? {}).every(([key, value]) => Reflect.get(tuple.metadata ?? {}, key) === value)
      if (!fits) continue
      if (left-- <= 0) return
      yield tuple
    }
  }

  override async put(
    config: RunnableConfig,
    checkpoint: Checkpoint,
    metadata: CheckpointMetadata,
    newVersions: ChannelVersions,
  ): Promise<RunnableConfig> {
    const { namespace, id: parentId = null } = this.#placeOf(config)
    const prepared = copyCheckpoint(checkpoint)
    // A channel without a new version has its parent's value, and the first checkpoint has no parent.
    if (parentId === null) prepared.channel_values = only(prepared.channel_values, newVersions)
    const [[type, data], [metadataType, encoded]] = await Promise.all([
      this.serde.dumpsTyped(prepared),
      this.serde.dumpsTyped(metadata),
    ])
    if (data.length > MAX_STATE_BYTES) {
      const megabytes = (data.length / 1024 / 1024).toFixed(1)
      throw new StepError('BUDGET', `What the steps keep has grown to ${megabytes} MB; at most 4 MB are allowed.`, false)
    }
    const row: CheckpointRow = {
      namespace,
      id: checkpoint.id,
      parentId,
      step: metadata.step,
      source: metadata.source,
      type,
      data,
      metadataType,
      metadata: encoded,
    }
    this.#fresh = false
    if (namespace === '') this.#values = prepared.channel_values
    // What led to a checkpoint is told by it.
    this.#pending = this.#pending.filter((write) => write.namespace !== namespace || write.checkpointId !== parentId)
    // What can be worked out again waits for the next flush, 25 ms at most; what nobody follows, for the one that closes the run.
    const canWait = metadata.step <= 0 || isLast(prepared) || !this.journal.mustKeep
    if (namespace === '' && canWait && this.#pending.length === 0) {
      this.journal.defer(row, this.#told.splice(0), metadata.step <= 0 ? {} : this.#progress())
      this.#settle()
    } else {
      this.journal.mustKeep = false
      await this.#flush({ checkpoint: row, patch: this.#progress() })
    }
    return configOf(this.leased.runId, namespace, checkpoint.id)
  }

  /** Buffers and lets the checkpoint that follows in the same turn take the writes along; else they go alone. */
  override async putWrites(config: RunnableConfig, writes: PendingWrite[], taskId: string, taskPath = ''): Promise<void> {
    const { namespace, id } = this.#placeOf(config)
    if (id === undefined) throw new Error('pending writes belong to a checkpoint')
    const saved = await Promise.all(
      writes.map(async ([channel, value], index): Promise<SavedWrite> => {
        const [type, data] = await this.serde.dumpsTyped(value)
        return { namespace, checkpointId: id, taskId, idx: WRITES_IDX_MAP[channel] ?? index, path: taskPath, channel, type, data }
      }),
    )
    this.#fresh = false
    this.#pending.push(...saved)
    this.#told.push(...this.journal.release(placesIn(writes)))
    const interrupt = writes.find(([channel]) => channel === '__interrupt__')
    if (interrupt !== undefined) return this.#interrupt(interrupt[1] as InterruptValue | InterruptValue[], id)
    const waiter = Promise.withResolvers<void>()
    this.#waiters.push(waiter)
    this.#arm()
    return waiter.promise
  }

  /** Of this run, the only thread that there is here. */
  override async deleteThread(): Promise<void> {
    await this.#flush({})
    this.#fresh = false
    await this.history.clear()
  }

  #arm() {
    if (this.#armed) return
    this.#armed = true
    setImmediate(() => {
      this.#armed = false
      if (this.#waiters.length === 0) return
      if (this.journal.busy) this.#arm()
      else void this.#flush({}).catch(() => {})
    })
  }

  /** Takes the buffered writes along and settles those who wait for them. */
  async #flush(given: Flush) {
    const writes = this.#pending
    this.#pending = []
    const transitions = [...this.#told.splice(0), ...(given.transitions ?? [])]
    const waiters = this.#waiters
    this.#waiters = []
    try {
      await this.journal.flush({ ...given, writes, transitions })
      for (const waiter of waiters) waiter.resolve()
    } catch (error) {
      for (const waiter of waiters) waiter.reject(error)
      throw error
    }
  }

  /** A run that gets on may lose workers again: only one that loses each at the same place is given up. */
  #progress() {
    const { takeovers } = this.leased
    this.leased.takeovers = 0
    return { attempts: {}, ...(takeovers === 0 ? {} : { takeovers: -takeovers }) }
  }

  #settle() {
    for (const waiter of this.#waiters.splice(0)) waiter.resolve()
  }

  /** Opens the review or the wait that a step stopped at. */
  async #interrupt(given: InterruptValue | InterruptValue[], checkpointId: string) {
    const known = this.leased.interrupts.map(({ interruptId }) => interruptId)
    const { transition, ...opening } = openingOf(Array.isArray(given) ? given[0]! : given, checkpointId, known)
    await this.#flush({ ...opening, transitions: transition === null ? [] : [transition] })
    this.interrupted = true
  }

  /** Where in this run. @throws when another thread is meant */
  #placeOf({ configurable = {} }: RunnableConfig): { namespace: string; id: string | undefined } {
    const given = configurable as { thread_id?: string; checkpoint_ns?: string; checkpoint_id?: string }
    if (given.thread_id !== this.leased.runId) throw new Error(`the thread is the run ${this.leased.runId}, and no other`)
    return { namespace: given.checkpoint_ns ?? '', id: given.checkpoint_id === '' ? undefined : given.checkpoint_id }
  }

  async #toTuple(namespace: string, saved: SavedCheckpoint, writes: SavedWrite[]): Promise<CheckpointTuple> {
    const [checkpoint, metadata] = await Promise.all([
      this.serde.loadsTyped(saved.type, saved.data) as Promise<Checkpoint>,
      this.serde.loadsTyped(saved.metadataType, saved.metadata),
    ])
    if (checkpoint.v < 4 && saved.parentId !== null) await this.#bringSends(checkpoint, namespace, saved.parentId)
    const pendingWrites = await this.#toPending(writes)
    const { runId } = this.leased
    return {
      config: configOf(runId, namespace, saved.id),
      checkpoint,
      metadata: metadata as CheckpointMetadata,
      pendingWrites,
      ...(saved.parentId === null ? {} : { parentConfig: configOf(runId, namespace, saved.parentId) }),
    }
  }

  #toPending(writes: SavedWrite[]): Promise<CheckpointPendingWrite[]> {
    const ordered = writes.toSorted((a, b) =>
      compareWritesSortKeys(writesSortKey(a.path, a.taskId, a.idx), writesSortKey(b.path, b.taskId, b.idx)),
    )
    return Promise.all(
      ordered.map(async ({ taskId, channel, type, data }) => [taskId, channel, await this.serde.loadsTyped(type, data)]),
    )
  }

  /** Before its format 4 LangGraph kept what a step sent with the checkpoint before. */
  async #bringSends(checkpoint: Checkpoint, namespace: string, parentId: string) {
    const [parent] = await this.history.read({ namespace, id: parentId, limit: 1 })
    const pending = await this.#toPending(parent?.writes ?? [])
    const versions = Object.values(checkpoint.channel_versions)
    checkpoint.channel_values[TASKS] = pending.flatMap(([, channel, value]) => (channel === TASKS ? [value] : []))
    checkpoint.channel_versions[TASKS] = versions.length > 0 ? maxChannelVersion(...versions) : this.getNextVersion(undefined)
  }
}

const configOf = (runId: string, namespace: string, checkpointId: string) => ({
  configurable: { thread_id: runId, checkpoint_ns: namespace, checkpoint_id: checkpointId },
})

/** The places in the state that a step's writes are for. */
const placesIn = (writes: PendingWrite[]): string[] =>
  writes.flatMap(([channel, value]) => (channel === 'results' ? Object.keys(value as object) : []))

/** What the second object has keys for. */
const only = <T>(values: Record<string, T>, keys: object) =>
  Object.fromEntries(Object.entries(values).filter(([key]) => Object.hasOwn(keys, key)))

/** Whether no step follows: nothing is triggered, sent or waited for. */
const isLast = ({ channel_values: values }: Checkpoint) =>
  !Object.entries(values).some(
    ([channel, value]) =>
      channel.startsWith('branch:') ||
      channel.startsWith('join:') ||
      (channel === '__pregel_tasks' && (value as unknown[])?.length > 0),
  )
