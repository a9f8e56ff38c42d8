import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { randomUUID } from 'node:crypto'
import { viewerOf, WorkflowTestbed } from '../testing/testkit.ts'
import { RunStatus } from './run-status.ts'
import { RunOrder } from './run.inputs.ts'

const workflow = 'support-triage'
const codeOf = (code: string) => expect.objectContaining({ extensions: expect.objectContaining({ code }) })

describe('runs', () => {
  let bed: WorkflowTestbed

  beforeAll(async () => {
    bed = await WorkflowTestbed.create()
  })
  afterAll(() => bed[Symbol.asyncDispose]())

  const stranger = () => bed.as(viewerOf(randomUUID()))

  it('gives the first run for a key that was seen before, also to two at once', async () => {
    const { runs } = bed.as()
    const start = () => runs.start({ workflow, input: { text: 'hello' }, idempotencyKey: 'key-1' })
    const started = await Promise.all([start(), start(), start()])
    expect(new Set(started.map(({ run }) => run.id)).size).toBe(1)
    expect(started.filter(({ created }) => created)).toHaveLength(1)
    const { rows } = await bed.superuser.query(`select count(*)::int as n from workflow.runs where id = $1`, [started[0].run.id])
    expect(rows[0].n).toBe(1)
  })

  it('refuses the same key with another input', async () => {
    const { runs } = bed.as()
    const { run } = await runs.start({ workflow, input: { text: 'one' }, idempotencyKey: 'key-2' })
    await expect(runs.start({ workflow, input: { text: 'two' }, idempotencyKey: 'key-2' })).rejects.toMatchObject({
      extensions: { code: 'CONFLICT', current: { runId: run.id } },
    })
  })

  it('names every field of an input that does not fit', async () => {
    const { runs } = bed.as()
    await expect(runs.start({ workflow, input: { txt: 1 } })).rejects.toMatchObject({
      extensions: {
        code: 'BAD_USER_INPUT',
        fields: [
          { path: 'input.text', message: 'is missing' },
          { path: 'input.txt', message: 'is not known' },
        ],
      },
    })
    await expect(
      runs.startMany({ workflow, items: [{ input: { text: 'fine' } }, { input: { text: '' } }] }),
    ).rejects.toMatchObject({
      extensions: { fields: expect.arrayContaining([expect.objectContaining({ path: 'items.1.input.text' })]) },
    })
  })

  it('takes characters that the database cannot hold out of an input', async () => {
    const { run } = await bed.as().runs.start({ workflow, input: { text: 'a\u0000b\ud800' } })
    expect(run.input).toEqual({ text: 'ab\ufffd' })
  })

  it('knows no workflow that is not there, and none of another organisation', async () => {
    await expect(bed.as().runs.start({ workflow: 'nothing', input: {} })).rejects.toEqual(codeOf('NOT_FOUND'))
    await expect(stranger().runs.start({ workflow, input: { text: 'x' } })).rejects.toEqual(codeOf('NOT_FOUND'))
  })

  it('answers alike for an unknown run, another organisation’s and what is no id', async () => {
    const id = await bed.start('mine')
    const other = stranger()
    for (const unknown of [id, randomUUID(), 'x'])
      for (const ask of [
        () => other.runs.find(unknown),
        () => other.runs.cancel(unknown, null),
        () => other.runs.retry(unknown),
      ]) {
        await expect(ask()).rejects.toMatchObject({ message: 'There is no such run.', extensions: { code: 'NOT_FOUND' } })
      }
    await expect(other.annotations.annotate({ runId: id, body: 'x' })).rejects.toEqual(codeOf('NOT_FOUND'))
    await expect(other.subscriptions.runTransitions(id, 0)).rejects.toEqual(codeOf('NOT_FOUND'))
  })

  it('lets an agency read its client’s run, and change it only when it acts for the client', async () => {
    const id = await bed.start('of the client')
    const agency = randomUUID()
    const { runs } = bed.as(viewerOf(agency, { organizationIds: [agency, bed.organizationId] }))
    expect((await runs.find(id)).id).toBe(id)
    await expect(runs.cancel(id, null)).rejects.toEqual(codeOf('FORBIDDEN'))
  })

  it('starts a batch in one go, in order, and none twice', async () => {
    const { runs } = bed.as()
    const items = Array.from({ length: 30 }, (_, index) => ({
      input: { text: `row ${index}` },
      idempotencyKey: `row-${index}`,
      tags: ['batch'],
    }))
    const first = await runs.startMany({ workflow, items: items.slice(0, 20) })
    expect(first.created).toBe(20)
    const second = await runs.startMany({ workflow, items })
    expect(second.created).toBe(10)
    expect(second.runs.map(({ input }) => input)).toEqual(items.map(({ input }) => input))
    expect(second.runs.slice(0, 20).map(({ id }) => id)).toEqual(first.runs.map(({ id }) => id))
  })

  it('pages forwards and backwards through a filtered list', async () => {
    const { runs } = bed.as()
    const filter = { tag: 'batch', status: [RunStatus.QUEUED], workflow: [workflow] }
    const textOf = (run: { input: unknown }) => (run.input as { text: string }).text
    const one = await runs.list({ filter, first: 12 })
    expect(one.nodes.map(textOf)).toEqual(Array.from({ length: 12 }, (_, index) => `row ${29 - index}`))
    expect(one.pageInfo).toMatchObject({ hasNextPage: true, hasPreviousPage: false })
    expect(await one.totalCount).toBe(30)
    const two = await runs.list({ filter, first: 25, after: one.pageInfo.endCursor })
    expect(two.nodes).toHaveLength(18)
    expect(two.pageInfo).toMatchObject({ hasNextPage: false, hasPreviousPage: true })
    const back = await runs.list({ filter, last: 5, before: two.pageInfo.startCursor })
    expect(back.nodes.map(textOf)).toEqual(one.nodes.slice(7).map(textOf))
    expect(back.pageInfo).toMatchObject({ hasPreviousPage: true, hasNextPage: true })
    const oldest = await runs.list({ filter, first: 1, orderBy: RunOrder.OLDEST_FIRST })
    expect(oldest.nodes.map(textOf)).toEqual(['row 0'])
    const found = await runs.list({ filter: { search: 'ROW 7', tag: 'batch' } })
    expect(found.nodes.map(textOf)).toEqual(['row 7'])
    await expect(runs.list({ after: 'garbage' })).rejects.toEqual(codeOf('BAD_USER_INPUT'))
  })

  it('cancels a run and withdraws nothing twice', async () => {
    const { runs } = bed.as()
    const id = await bed.start('stop me')
    expect((await runs.cancel(id, 'no longer needed')).status).toBe('CANCELLED')
    await expect(runs.cancel(id, null)).rejects.toEqual(codeOf('CONFLICT'))
    expect((await bed.logOf(id)).at(-1)).toMatchObject({ kind: 'CANCELLED', actor_id: expect.any(String) })
  })

  it('shows the graph before and after a run went through it', async () => {
    const engine = bed.engine()
    const id = await bed.start('Where is the card that I ordered?')
    const run = await bed.until(id, 'SUCCEEDED')
    const { history, workflows } = bed.as()
    const { progressOf, stepsOf } = await import('./run-progress.ts')
    const log = await history.log(run)
    const graph = progressOf((await workflows.versionById(run.versionId))!.definition, run, log)
    expect(Object.fromEntries(graph.nodes.map(({ name, state }) => [name, state]))).toEqual({
      plan: 'SUCCEEDED',
      retrieve: 'SUCCEEDED',
      decide: 'SUCCEEDED',
      review: 'SKIPPED',
      act: 'SUCCEEDED',
      reflect: 'SUCCEEDED',
    })
    expect(graph.edges.filter(({ taken }) => taken)).toHaveLength(6)
    expect(stepsOf(log).map(({ node, attempts }) => `${node} ${attempts.length}`)).toEqual([
      'plan 1',
      'retrieve 1',
      'decide 1',
      'act 1',
      'reflect 1',
    ])
    expect(await history.state(run)).toMatchObject({
      results: { decide: { intent: 'card_arrival' }, reflect: { outcome: 'done' } },
    })
    const checkpoints = await history.checkpoints(run, 2, null)
    expect(checkpoints.pageInfo.hasNextPage).toBe(true)
    expect(checkpoints.nodes[0]!.parentId).toBe(checkpoints.nodes[1]!.id)
    await engine[Symbol.asyncDispose]()
  })
})
