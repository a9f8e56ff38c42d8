import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import { RunStatus } from '../runs/run-status.ts'
import { eventually, viewerOf, WorkflowTestbed } from '../testing/testkit.ts'
import { toolsOf } from '../testing/tools.ts'
import { supportTriage } from '../workflows/support-triage.ts'
import { BulkAction } from './bulk.types.ts'

const workflow = supportTriage.slug
const CARD = 'Where is the card that I ordered?'
const coded = (code: string) => expect.objectContaining({ extensions: expect.objectContaining({ code }) })
const hasty = {
  nodes: supportTriage.definition.nodes.map((node) => ({
    ...node,
    retry: { maxAttempts: 1, initialMs: 1, factor: 1, maxMs: 1 },
  })),
}

describe('acting on many runs', () => {
  let bed: WorkflowTestbed
  beforeAll(async () => {
    bed = await WorkflowTestbed.create()
    await bed.publish(hasty)
  })
  afterEach(() => bed.stopEngines())
  afterAll(() => bed[Symbol.asyncDispose]())

  const startMany = async (n: number, tag: string, text = CARD) =>
    (await bed.as().runs.startMany({ workflow, items: Array.from({ length: n }, () => ({ input: { text }, tags: [tag] })) })).runs
  const finished = (id: string) =>
    eventually(async () => {
      const operation = await bed.as().bulk.find(id)
      expect(operation.finishedAt).not.toBeNull()
      return operation
    })

  it('says what it would do, does no more than that, and says why not to some', async () => {
    const runs = await startMany(5, 'many')
    await bed.as().runs.cancel(runs[4]!.id, null)
    const { bulk } = bed.as()
    const filter = { tag: 'many', workflow: [workflow] }
    const preview = await bulk.preview(filter, BulkAction.CANCEL)
    expect(preview).toMatchObject({
      count: 4,
      byStatus: [{ status: 'QUEUED', count: 4 }],
      byWorkflow: [{ workflowId: runs[0]!.workflowId, count: 4 }],
      refusals: [{ reason: 'already ended', count: 1 }],
    })
    expect(preview.sample.map(({ id }) => id)).toEqual(runs.slice(0, 4).map(({ id }) => id))
    await startMany(1, 'many')
    const input = { action: BulkAction.CANCEL, filter, token: preview.token }
    await expect(bulk.start(input)).rejects.toMatchObject({ extensions: { code: 'PRECONDITION_FAILED', current: { count: 5 } } })
    await expect(bulk.start({ ...input, filter: { tag: 'other' } })).rejects.toEqual(coded('BAD_USER_INPUT'))
    await expect(bulk.start({ ...input, action: BulkAction.RESUME, token: null, expectedCount: 5 })).rejects.toEqual(
      coded('BAD_USER_INPUT'),
    )
    const started = await bulk.start({ ...input, token: null, expectedCount: 5, reason: 'sent twice' })
    expect(started).toMatchObject({ total: 5, done: 0, finishedAt: null })
    // One of them moves on before its turn.
    await bed.as().runs.cancel(runs[0]!.id, null)
    await bed.pool.query('select * from workflow.step_bulk(50)')
    expect(await finished(started.id)).toMatchObject({ done: 4, refused: 1 })
    expect(await bulk.refusals(started)).toEqual([{ reason: 'The run has already ended.', count: 1 }])
    expect((await bed.logOf(runs[1]!.id)).at(-1)).toMatchObject({ kind: 'CANCELLED', actor_id: expect.any(String) })
    await expect(bed.as(viewerOf('0190a000-0000-7000-8000-0000000000cc')).bulk.find(started.id)).rejects.toEqual(
      coded('NOT_FOUND'),
    )
  })

  it('goes on where it was broken off, each run once', async () => {
    const runs = [...(await startMany(60, 'long')), ...(await startMany(60, 'long'))]
    const { bulk } = bed.as()
    const { id } = await bulk.start({ action: BulkAction.PAUSE, filter: { tag: 'long' }, expectedCount: 120 })
    const client = await bed.pool.connect()
    await client.query('begin')
    await client.query('select * from workflow.step_bulk(50)')
    await client.query('rollback')
    client.release()
    expect(await bulk.find(id)).toMatchObject({ done: 0 })
    await bed.pool.query('select * from workflow.step_bulk(50)')
    expect(await bulk.find(id)).toMatchObject({ done: 50, finishedAt: null })
    const paused = await bulk.preview({ tag: 'long', status: [RunStatus.PAUSED] }, BulkAction.RESUME)
    expect(paused.sample.map((run) => run.id)).toEqual(runs.slice(0, 5).map((run) => run.id))
    // Two workers at once: each batch is one worker's.
    await Promise.all([1, 2].map(() => bed.pool.query('select * from workflow.step_bulk(50)')))
    await bed.pool.query('select * from workflow.step_bulk(50)')
    expect(await finished(id)).toMatchObject({ done: 120, refused: 0 })
    expect((await bed.logOf(runs[3]!.id)).filter(({ kind }) => kind === 'PAUSED')).toHaveLength(1)
  })

  it('gathers like failures, tries all of a group again, and lets others be dismissed', async () => {
    let broken = true
    bed.engine({
      tools: toolsOf({
        artifact: async (_arguments, { runId }) => {
          if (broken) throw Object.assign(new Error(`Ticket ${runId} was refused 3 times by "desk".`), { retryable: true })
          return {}
        },
      }),
    })
    const runs = await startMany(3, 'dead')
    for (const run of runs) await bed.until(run.id, 'FAILED')
    const { failures, bulk, runs: service } = bed.as()
    const [group, ...others] = await failures.groups(null)
    expect(others).toEqual([])
    expect(group).toMatchObject({ count: 3, failure: { code: 'TOOL', node: 'act', group: group!.id } })
    expect(group!.firstSeen.getTime()).toBeLessThanOrEqual(group!.lastSeen.getTime())
    expect(runs.map(({ id }) => id)).toContain(group!.exampleId)
    await expect(failures.redrive({ group: group!.id, expectedCount: 2 })).rejects.toEqual(coded('PRECONDITION_FAILED'))
    expect(await failures.dismiss({ runIds: [runs[0]!.id], reason: 'answered by phone' })).toBe(1)
    expect(await service.find(runs[0]!.id)).toMatchObject({ status: 'FAILED', handledReason: 'answered by phone' })
    broken = false
    const { id } = await failures.redrive({ group: group!.id, expectedCount: 2 })
    await finished(id)
    for (const run of runs.slice(1)) await bed.until(run.id, 'SUCCEEDED')
    expect(await failures.groups(null)).toEqual([])
    await expect(failures.dismiss({ group: group!.id, reason: 'none left' })).rejects.toEqual(coded('NOT_FOUND'))
    await expect(failures.redrive({ group: group!.id, expectedCount: 9 })).rejects.toEqual(coded('NOT_FOUND'))
    const again = await bulk.start({ action: BulkAction.REPLAY, filter: { tag: 'dead' }, expectedCount: 3 })
    await finished(again.id)
    const page = await service.list({ filter: { tag: 'dead' }, first: 10 })
    const replays = page.nodes.filter(({ production }) => !production)
    expect(new Set(replays.map(({ forkedFromId }) => forkedFromId))).toEqual(new Set(runs.map(({ id }) => id)))
  })
})
