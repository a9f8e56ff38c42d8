import type { RunnableConfig } from '@langchain/core/runnables'
import {
  BaseCheckpointSaver,
  compareWritesSortKeys,
  copyCheckpoint,
  WRITES_IDX_MAP,
  writesSortKey,
  type ChannelVersions,
  type Checkpoint,
  type CheckpointMetadata,
  type CheckpointPendingWrite,
  type CheckpointTuple,
  type PendingWrite,
} from '@langchain/langgraph-checkpoint'
import type { Flush, RunJournal } from './journal.ts'
import type { LeasedRun, SavedWrite } from './lease.ts'
import { reviewOf, type InterruptValue } from './review-request.ts'

/**
 * LangGraph's checkpoints of one leased run. Every value lies in its own checkpoint, so branches never share any (the stock Postgres
 * saver shares them by version number and mixes forks). A checkpoint goes out together with the writes that led to it and the
 * transitions that explain it, in one fenced statement; an interrupt, together with its review. What is read comes from the lease's
 * statement and from what was written since: nobody else writes while the lease holds.
 */
export class RunCheckpointSaver extends BaseCheckpointSaver {
  #tuple: CheckpointTuple | undefined
  #pending: SavedWrite[] = []
  #waiters: PromiseWithResolvers<void>[] = []
  #armed = false
  /** The id of the interrupt that waits for a person, once it is saved. */
  interrupted: string | undefined

  constructor(
    private readonly leased: LeasedRun,
    private readonly journal: RunJournal,
  ) {
    super()
  }

  override async getTuple(config: RunnableConfig): Promise<CheckpointTuple | undefined> {
    this.#tuple ??= await this.#restore()
    const wanted = (config.configurable?.['checkpoint_id'] as string | undefined) ?? ''
    const known = this.#tuple?.checkpoint.id
    return wanted === '' || wanted === known ? this.#tuple : undefined
  }

  override async *list(config: RunnableConfig): AsyncGenerator<CheckpointTuple> {
    const tuple = await this.getTuple(config)
    if (tuple !== undefined) yield tuple
  }

  override async put(
    config: RunnableConfig,
    checkpoint: Checkpoint,
    metadata: CheckpointMetadata,
    _versions: ChannelVersions,
  ): Promise<RunnableConfig> {
    const prepared = copyCheckpoint(checkpoint)
    const [[type, data], [metadataType, encoded]] = await Promise.all([
      this.serde.dumpsTyped(prepared),
      this.serde.dumpsTyped(metadata),
    ])
    const parentId = (config.configurable?.['checkpoint_id'] as string | undefined) ?? null
    const namespace = (config.configurable?.['checkpoint_ns'] as string | undefined) ?? ''
    const saved = {
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
    await this.#flush({ checkpoint: saved, patch: { attempts: {} } })
    const next = { configurable: { thread_id: this.leased.runId, checkpoint_ns: namespace, checkpoint_id: checkpoint.id } }
    this.#tuple = {
      config: next,
      checkpoint: prepared,
      metadata,
      pendingWrites: [],
      ...(parentId === null ? {} : { parentConfig: this.#configOf(parentId) }),
    }
    return next
  }

  /** Buffers and lets the checkpoint that follows in the same turn take the writes along; else they go alone. */
  override async putWrites(config: RunnableConfig, writes: PendingWrite[], taskId: string, taskPath = ''): Promise<void> {
    const checkpointId = config.configurable?.['checkpoint_id'] as string
    const namespace = (config.configurable?.['checkpoint_ns'] as string | undefined) ?? ''
    const saved = await Promise.all(
      writes.map(async ([channel, value], index): Promise<SavedWrite> => {
        const [type, data] = await this.serde.dumpsTyped(value)
        return { namespace, checkpointId, taskId, idx: WRITES_IDX_MAP[channel] ?? index, path: taskPath, channel, type, data }
      }),
    )
    this.#pending.push(...saved)
    const interrupt = writes.find(([channel]) => channel === '__interrupt__')
    if (interrupt !== undefined) return this.#interrupt(interrupt[1] as InterruptValue | InterruptValue[], checkpointId)
    const waiter = Promise.withResolvers<void>()
    this.#waiters.push(waiter)
    this.#arm()
    return waiter.promise
  }

  override deleteThread(): Promise<void> {
    return Promise.reject(new Error('runs are deleted by retention, not by the graph'))
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
    const waiters = this.#waiters
    this.#pending = []
    this.#waiters = []
    try {
      await this.journal.flush({ ...given, writes })
      for (const waiter of waiters) waiter.resolve()
    } catch (error) {
      for (const waiter of waiters) waiter.reject(error)
      throw error
    }
  }

  /** The worker lets the run go in the statement that opens the review. */
  async #interrupt(given: InterruptValue | InterruptValue[], checkpointId: string) {
    const interrupt = Array.isArray(given) ? given[0]! : given
    this.journal.note({
      kind: 'REVIEW_REQUESTED',
      status: 'WAITING_FOR_REVIEW',
      node: interrupt.value.node,
      summary: interrupt.value.summary,
      checkpointId,
    })
    await this.#flush({
      review: reviewOf(interrupt, checkpointId),
      patch: { status: 'WAITING_FOR_REVIEW', leaseOwner: null, attempts: {} },
    })
    this.interrupted = interrupt.id
  }

  async #restore(): Promise<CheckpointTuple | undefined> {
    const { checkpoint: saved, checkpointId, writes } = this.leased
    if (saved === null || checkpointId === null) return undefined
    const [checkpoint, metadata] = await Promise.all([
      this.serde.loadsTyped(saved.type, saved.data),
      this.serde.loadsTyped(saved.metadataType, saved.metadata),
    ])
    const ordered = writes.toSorted((a, b) =>
      compareWritesSortKeys(writesSortKey(a.path, a.taskId, a.idx), writesSortKey(b.path, b.taskId, b.idx)),
    )
    const pendingWrites = await Promise.all(
      ordered.map(async (write): Promise<CheckpointPendingWrite> => [
        write.taskId,
        write.channel,
        await this.serde.loadsTyped(write.type, write.data),
      ]),
    )
    return {
      config: this.#configOf(checkpointId),
      checkpoint: checkpoint as Checkpoint,
      metadata: metadata as CheckpointMetadata,
      pendingWrites,
      ...(saved.parentId === null ? {} : { parentConfig: this.#configOf(saved.parentId) }),
    }
  }

  #configOf(checkpointId: string) {
    return { configurable: { thread_id: this.leased.runId, checkpoint_ns: '', checkpoint_id: checkpointId } }
  }
}
