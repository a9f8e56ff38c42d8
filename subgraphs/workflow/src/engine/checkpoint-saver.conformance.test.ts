import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import type { RunnableConfig } from '@langchain/core/runnables'
import {
  BaseCheckpointSaver,
  type ChannelVersions,
  type Checkpoint,
  type CheckpointListOptions,
  type CheckpointMetadata,
  type CheckpointTuple,
  type PendingWrite,
} from '@langchain/langgraph-checkpoint'
import { deltaChannelHistoryTests, specTest } from '@langchain/langgraph-checkpoint-validation'
import { WorkflowTestbed } from '../testing/testkit.ts'
import { CheckpointHistory } from './checkpoint-history.ts'
import { RunCheckpointSaver } from './checkpoint-saver.ts'
import { Flusher } from './flusher.ts'
import { RunJournal } from './journal.ts'

/** Every thread is a run of its own, with its own journal and saver: theirs is one run only, the suite's is many threads. */
class ThreadsSaver extends BaseCheckpointSaver {
  readonly #threads = new Map<string, { runId: string; saver: RunCheckpointSaver }>()

  constructor(private readonly bed: WorkflowTestbed) {
    super()
  }

  override async getTuple(config: RunnableConfig) {
    const thread = config.configurable?.['thread_id'] as string | undefined
    if (thread === undefined) return undefined
    const { saver, runId } = await this.#of(thread)
    return outOf(await saver.getTuple(into(config, runId)), thread)
  }

  override async *list(config: RunnableConfig, options?: CheckpointListOptions): AsyncGenerator<CheckpointTuple> {
    const thread = config.configurable?.['thread_id'] as string | undefined
    let left = options?.limit ?? Infinity
    for (const each of thread === undefined ? this.#threads.keys() : [thread]) {
      const { saver, runId } = await this.#of(each)
      for await (const tuple of saver.list(into(config, runId), options)) if (left-- > 0) yield outOf(tuple, each)!
    }
  }

  override async put(config: RunnableConfig, checkpoint: Checkpoint, metadata: CheckpointMetadata, versions: ChannelVersions) {
    const thread = threadOf(config)
    const { saver, runId } = await this.#of(thread)
    return into(await saver.put(into(config, runId), checkpoint, metadata, versions), thread)
  }

  override async putWrites(config: RunnableConfig, writes: PendingWrite[], taskId: string) {
    const { saver, runId } = await this.#of(threadOf(config))
    await saver.putWrites(into(config, runId), writes, taskId)
  }

  override async deleteThread(thread: string) {
    await (await this.#of(thread)).saver.deleteThread()
  }

  async #of(thread: string) {
    const known = this.#threads.get(thread)
    if (known !== undefined) return known
    const { organizationId, pool } = this.bed
    const runId = await this.bed.start(thread)
    const run = { organizationId, runId, epoch: 0, checkpoint: null, writes: [], interrupts: [], takeovers: 0 }
    const made = {
      runId,
      saver: new RunCheckpointSaver(run, new RunJournal(new Flusher(pool), run, () => {}), new CheckpointHistory(pool, run)),
    }
    this.#threads.set(thread, made)
    return made
  }
}

const into = (config: RunnableConfig, thread: string): RunnableConfig => ({
  configurable: { ...config.configurable, thread_id: thread },
})

const outOf = (tuple: CheckpointTuple | undefined, thread: string): CheckpointTuple | undefined =>
  tuple && {
    ...tuple,
    config: into(tuple.config, thread),
    ...(tuple.parentConfig && { parentConfig: into(tuple.parentConfig, thread) }),
  }

function threadOf({ configurable }: RunnableConfig): string {
  const thread = configurable?.['thread_id'] as string | undefined
  if (thread === undefined) throw new Error('the thread is missing')
  return thread
}

// The suite is written for another runner, whose functions it takes from the global scope.
Object.assign(globalThis, { describe, it, beforeAll, afterAll, beforeEach, afterEach, expect })
Object.assign(expect, { soft: expect })

let bed: WorkflowTestbed
beforeAll(async () => {
  bed = await WorkflowTestbed.create()
})
afterAll(() => bed[Symbol.asyncDispose]())

const initializer = { checkpointerName: 'RunCheckpointSaver', createCheckpointer: () => new ThreadsSaver(bed) }
specTest(initializer as never)
deltaChannelHistoryTests(initializer as never)
