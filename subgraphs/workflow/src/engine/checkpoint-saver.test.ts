import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { Annotation, END, START, StateGraph } from '@langchain/langgraph'
import { WorkflowTestbed } from '../testing/testkit.ts'
import { CheckpointHistory } from './checkpoint-history.ts'
import { RunCheckpointSaver } from './checkpoint-saver.ts'
import { Flusher } from './flusher.ts'
import { RunJournal } from './journal.ts'

const State = Annotation.Root({
  trail: Annotation<string[]>({ reducer: (before, after) => [...before, ...after], default: () => [] }),
})

describe('the checkpoints of a run', () => {
  let bed: WorkflowTestbed
  beforeAll(async () => {
    bed = await WorkflowTestbed.create()
  })
  afterAll(() => bed[Symbol.asyncDispose]())

  async function saverOf(runId: string) {
    const run = {
      organizationId: bed.organizationId,
      runId,
      epoch: 0,
      checkpoint: null,
      writes: [],
      interrupts: [],
      takeovers: 0,
    }
    return new RunCheckpointSaver(run, new RunJournal(new Flusher(bed.pool), run, () => {}), new CheckpointHistory(bed.pool, run))
  }

  function graphOf(saver: RunCheckpointSaver) {
    const graph = new StateGraph(State)
      .addNode('first', () => ({ trail: ['first'] }))
      .addNode('second', ({ trail }) => ({ trail: [`second after ${trail.join(' and ')}`] }))
      .addEdge(START, 'first')
      .addEdge('first', 'second')
      .addEdge('second', END)
    return graph.compile({ checkpointer: saver })
  }

  it('keep branches of one run apart: neither a fork nor a replay shows the other’s values', async () => {
    const runId = await bed.start('fork')
    const graph = graphOf(await saverOf(runId))
    const thread = { configurable: { thread_id: runId }, durability: 'sync' as const }
    expect((await graph.invoke({ trail: [] }, thread)).trail).toEqual(['first', 'second after first'])
    const before = []
    for await (const state of graph.getStateHistory(thread)) before.push(state)
    const [end, middle] = before
    const fork = await graph.updateState(middle!.config, { trail: ['a person'] }, 'first')
    const forked = await graph.invoke(null, { ...fork, durability: 'sync' })
    const replayed = await graph.invoke(null, { ...middle!.config, durability: 'sync' })
    expect(forked.trail).toEqual(['first', 'a person', 'second after first and a person'])
    expect(replayed.trail).toEqual(['first', 'second after first'])
    // Seen by a saver that remembers nothing.
    const again = graphOf(await saverOf(runId))
    expect((await again.getState(end!.config)).values.trail).toEqual(['first', 'second after first'])
    expect((await again.getState(fork)).values.trail).toEqual(['first', 'a person'])
    expect((await again.getState(middle!.config)).values.trail).toEqual(['first'])
  })

  it('belong to it alone: another thread is refused', async () => {
    const saver = await saverOf(await bed.start('mine'))
    const other = { configurable: { thread_id: await bed.start('yours') } }
    await expect(saver.getTuple(other)).rejects.toThrow('no other')
  })
})
