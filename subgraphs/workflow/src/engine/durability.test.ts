import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import { ReviewAction } from '../reviews/review.entity.ts'
import { startChildRun } from '../runs/child-runs.ts'
import { toolsOf } from '../testing/tools.ts'
import { eventually, viewerOf, WorkflowTestbed } from '../testing/testkit.ts'
import { publish } from '../workflows/publish.ts'
import type { ShippedWorkflow } from '../workflows/shipped.ts'

type Definition = ShippedWorkflow['definition']

const ask = (name: string): Definition['nodes'][number] => ({
  name,
  kind: 'review',
  question: 'Is it right?',
  proposal: { note: '"proposed"' },
  actions: ['APPROVE', 'REJECT'],
})

const use = (name: string, ...tools: string[]): Definition['nodes'][number] => ({
  name,
  kind: 'act',
  retry: { maxAttempts: 5, initialMs: 5, factor: 1, maxMs: 5 },
  calls: tools.map((tool) => ({ tool })),
})

const work: Definition['nodes'][number] = { name: 'work', kind: 'transform', set: { done: 'true' } }

const sideBySide = (...nodes: Definition['nodes']): Pick<Definition, 'nodes' | 'edges'> => ({
  nodes: [{ name: 'begin', kind: 'transform', set: { on: 'true' } }, ...nodes],
  edges: [
    { from: '__start__', to: 'begin' },
    ...nodes.flatMap(({ name }) => [
      { from: 'begin', to: name },
      { from: name, to: '__end__' },
    ]),
  ],
})

/** Questions about what happens at once, or twice, each settled on a real engine. */
describe('what happens at the same time, or twice', () => {
  let bed: WorkflowTestbed
  beforeAll(async () => {
    bed = await WorkflowTestbed.create()
  })
  afterEach(() => bed.stopEngines())
  afterAll(() => bed[Symbol.asyncDispose]())

  async function startOf(slug: string, definition: Pick<Definition, 'nodes' | 'edges'>): Promise<string> {
    const whole = { input: { type: 'object' }, output: { type: 'object' }, tools: ['first', 'second'], result: {}, ...definition }
    const { organizationId } = bed
    const { tenant, audit, runs } = bed.as(viewerOf(organizationId))
    await tenant.transaction((transaction) =>
      publish(transaction, { organizationId, slug, name: slug, description: slug, definition: whole }, audit),
    )
    return (await runs.start({ workflow: slug, input: {} })).run.id
  }

  async function decide(runId: string, node: string, action = ReviewAction.APPROVE) {
    const { reviews } = bed.as()
    const review = (await reviews.ofRun(runId))?.find((one) => one.node === node && one.status === 'OPEN')
    if (review === undefined) throw new Error(`no open review of ${node}`)
    await reviews.decide({ reviewId: review.id, checkpointId: review.checkpointId, action })
  }

  const kindsOf = async (runId: string, node?: string) =>
    (await bed.logOf(runId)).filter((one) => node === undefined || one.node === node).map(({ kind }) => kind)

  it('tells of a question once, however often its branch runs again beside one that was answered', async () => {
    bed.engine()
    const runId = await startOf('two-questions', sideBySide(ask('left'), ask('right')))
    await bed.until(runId, 'WAITING_FOR_REVIEW')
    await decide(runId, 'left')
    await eventually(async () => expect(await kindsOf(runId)).toContain('RESUMED'))
    await bed.until(runId, 'WAITING_FOR_REVIEW')
    await decide(runId, 'right')
    await bed.until(runId, 'SUCCEEDED')
    for (const node of ['left', 'right'])
      expect(await kindsOf(runId, node)).toEqual(['NODE_STARTED', 'REVIEW_REQUESTED', 'REVIEW_DECIDED', 'NODE_FINISHED'])
  })

  it('takes a decision that comes while another branch is still at work', async () => {
    const gate = Promise.withResolvers<void>()
    let calls = 0
    bed.engine({ tools: toolsOf({ first: async () => ((calls += 1), await gate.promise, {}) }) })
    const runId = await startOf('question-beside-work', sideBySide(ask('question'), use('work', 'first')))
    await eventually(() => decide(runId, 'question'))
    expect((await bed.until(runId, 'RUNNING')).status).toBe('RUNNING')
    gate.resolve()
    await bed.until(runId, 'SUCCEEDED')
    expect(calls).toBe(1)
    expect(await kindsOf(runId, 'question')).toEqual(['NODE_STARTED', 'REVIEW_REQUESTED', 'REVIEW_DECIDED', 'NODE_FINISHED'])
  })

  it('ends a wait once, whoever ends it at the same time', async () => {
    bed.engine()
    const event = { name: 'paid', key: '"k"' }
    const runId = await startOf('one-wait', sideBySide({ name: 'payment', kind: 'wait', event }))
    await bed.until(runId, 'WAITING')
    const { rows: waits } = await bed.superuser.query('select id from workflow.waits where run_id = $1', [runId])
    const ended = await Promise.all(
      Array.from({ length: 4 }, async (_, index) => {
        const { rows } = await bed.pool.query<{ ended: boolean }>(`select workflow.end_wait($1, $2, $3, 'It came.') as ended`, [
          bed.organizationId,
          waits[0].id,
          { timedOut: false, payload: index },
        ])
        return rows[0]!.ended
      }),
    )
    expect(ended.filter(Boolean)).toHaveLength(1)
    await bed.until(runId, 'SUCCEEDED')
    expect((await kindsOf(runId)).filter((kind) => kind === 'RESUMED')).toHaveLength(1)
  })

  it('goes on when the run that it started has ended before it waits', async () => {
    await startOf('quick-child', sideBySide(work))
    bed.engine({
      startRun: async (child) => {
        const started = await startChildRun(bed.orm, bed.notifier, child)
        await bed.until(started.runId, 'SUCCEEDED')
        return started
      },
    })
    const child = { name: 'child', kind: 'subworkflow', workflow: 'quick-child', input: {} } as const
    const runId = await startOf('parent', sideBySide(child))
    await bed.until(runId, 'SUCCEEDED')
  })

  it('asks about each effect in doubt, and again after every further try that left a doubt', async () => {
    const done: string[] = []
    const lost = () => Promise.reject(Object.assign(new Error('no answer'), { retryable: true, unknown: true }))
    const losing = (name: string, times: number) => async () => ((times -= 1) < 0 ? { ok: done.push(name) } : lost())
    bed.engine({ tools: toolsOf({ first: losing('first', 2), second: losing('second', 1) }, []) })
    const runId = await startOf('doubts', sideBySide(use('both', 'first', 'second')))
    for (const action of [ReviewAction.REJECT, ReviewAction.REJECT, ReviewAction.APPROVE])
      await eventually(() => decide(runId, 'both', action))
    await bed.until(runId, 'SUCCEEDED')
    // The first was done after two doubts; the second, of which a person says that it happened, not again.
    expect(done).toEqual(['first'])
    expect((await kindsOf(runId)).filter((kind) => kind === 'REVIEW_REQUESTED')).toHaveLength(3)
  })

  it('gives up a run that takes every worker down at the same step, says so, and lets a person try again', async () => {
    const runId = await startOf('poison', sideBySide(work))
    await bed.superuser.query(
      `update workflow.runs set status = 'RUNNING', takeovers = 5, lease_owner = 'gone', lease_until = now() - interval '1 s' where id = $1`,
      [runId],
    )
    bed.engine()
    const failed = await bed.until(runId, 'FAILED')
    expect(failed.failure).toMatchObject({
      code: 'PLATFORM',
      reason: expect.stringMatching(/lost 6 times in a row/),
      retryable: true,
    })
    await bed.as().runs.retry(runId)
    await bed.until(runId, 'SUCCEEDED')
  })

  it('forgets lost workers when the run has got on', async () => {
    bed.engine()
    const runId = await startOf('unlucky', { nodes: [work, ask('question')], edges: chain('work', 'question') })
    await bed.superuser.query('update workflow.runs set takeovers = 4 where id = $1', [runId])
    await bed.until(runId, 'WAITING_FOR_REVIEW')
    const { rows } = await bed.superuser.query('select takeovers from workflow.runs where id = $1', [runId])
    expect(rows).toEqual([{ takeovers: 0 }])
  })
})

const chain = (...names: string[]) => ['__start__', ...names].map((from, index) => ({ from, to: names[index] ?? '__end__' }))
