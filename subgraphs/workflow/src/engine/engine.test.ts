import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import { ReviewAction } from '../reviews/review.entity.ts'
import { testModel, testTools, toolsOf } from '../testing/tools.ts'
import { WorkflowTestbed } from '../testing/testkit.ts'
import { supportTriage } from '../workflows/support-triage.ts'

/** Every step may fail twice, with hardly a pause. */
const impatient = {
  nodes: supportTriage.definition.nodes.map((node) => ({
    ...node,
    retry: { maxAttempts: 3, initialMs: 5, factor: 1, maxMs: 5 },
  })),
}

describe('the engine', () => {
  let bed: WorkflowTestbed

  beforeAll(async () => {
    bed = await WorkflowTestbed.create()
  })
  afterEach(() => bed.stopEngines())
  afterAll(() => bed[Symbol.asyncDispose]())

  it('takes a sure request to its end without a person', async () => {
    bed.engine()
    const runId = await bed.start('Where is the card that I ordered last week?')
    const run = await bed.until(runId, 'SUCCEEDED')
    expect(run.output).toEqual({
      intent: 'card_arrival',
      confidence: 0.97,
      reply: 'About card arrival: Where is the card that I ordered',
      action: 'reply',
      automated: true,
    })
    const log = await bed.logOf(runId)
    expect(log.map(({ seq }) => seq)).toEqual(log.map((_, index) => index + 1))
    expect(log.map(({ kind, node }) => (node === null ? kind : `${kind} ${node}`))).toEqual([
      'QUEUED',
      'STARTED',
      ...['plan', 'retrieve', 'decide'].flatMap((node) => [`NODE_STARTED ${node}`, `NODE_FINISHED ${node}`]),
      'NODE_STARTED act',
      'EFFECT_RECORDED act',
      'EFFECT_SETTLED act',
      'NODE_FINISHED act',
      'NODE_STARTED reflect',
      'NODE_FINISHED reflect',
      'SUCCEEDED',
    ])
    expect(run.lastSeq).toBe(log.length)
    expect(log.find(({ kind, node }) => kind === 'NODE_FINISHED' && node === 'decide')).toMatchObject({
      state_diff: { decide: { intent: 'card_arrival' } },
      usage: { model: 'test', inputTokens: 20, outputTokens: 10 },
      checkpoint_id: expect.any(String),
    })
  })

  it('tells telemetry every transition once, in the transaction that made it', async () => {
    bed.engine()
    const runId = await bed.start('Where is the card that I ordered?')
    await bed.until(runId, 'SUCCEEDED')
    const { rows } = await bed.superuser.query(
      `select (t ->> 'seq')::int as seq, t ->> 'kind' as kind, (t ->> 'automated')::boolean as automated
       from events.outbox, jsonb_array_elements(payload -> 'transitions') as t where payload ->> 'runId' = $1 order by id, 1`,
      [runId],
    )
    const log = await bed.logOf(runId)
    expect(rows.map(({ seq, kind }) => ({ seq, kind }))).toEqual(log.map(({ seq, kind }) => ({ seq, kind })))
    expect(rows.at(-1)).toMatchObject({ kind: 'SUCCEEDED', automated: true })
  })

  it('asks a person where the policy wants one, and goes on from the answer', async () => {
    bed.engine()
    const runId = await bed.start('I want a refund for this payment')
    await bed.until(runId, 'WAITING_FOR_REVIEW')
    const { reviews } = bed.as()
    const [review] = (await reviews.ofRun(runId))!
    expect(review).toMatchObject({ status: 'OPEN', node: 'review', proposal: { intent: 'refund_request', action: 'refund' } })
    expect(review!.evidence).toHaveLength(1)
    const { id: reviewId, checkpointId } = review!
    await reviews.decide({
      reviewId,
      checkpointId,
      action: ReviewAction.EDIT,
      value: { reply: 'We refund it today.' },
      activeMs: 4_000,
    })
    const run = await bed.until(runId, 'SUCCEEDED')
    expect(run.output).toMatchObject({
      intent: 'refund_request',
      reply: 'We refund it today.',
      action: 'refund',
      automated: false,
    })
    const log = await bed.logOf(runId)
    expect(log.map(({ seq }) => seq)).toEqual(log.map((_, index) => index + 1))
    expect(log.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['REVIEW_REQUESTED', 'REVIEW_DECIDED', 'RESUMED']))
    expect(log.filter(({ kind, node }) => kind === 'NODE_STARTED' && node === 'review')).toHaveLength(1)
  })

  it('sends nothing when a person rejects the proposal', async () => {
    const stored: string[] = []
    bed.engine({ tools: toolsOf({ artifact: async (_arguments, { runId }) => ({ artifactId: stored.push(runId).toString() }) }) })
    const runId = await bed.start('Please close my account, maybe')
    await bed.until(runId, 'WAITING_FOR_REVIEW')
    const { reviews } = bed.as()
    const [review] = (await reviews.ofRun(runId))!
    await reviews.decide({ reviewId: review!.id, checkpointId: review!.checkpointId, action: ReviewAction.REJECT })
    const run = await bed.until(runId, 'SUCCEEDED')
    expect(run.output).toMatchObject({ action: 'rejected', reply: '', automated: false })
    expect(stored).toEqual([])
  })

  it('searches wider when the reply does not hold, then gives the request to a person', async () => {
    const asked: number[] = []
    bed.engine({
      search: async ({ limit }) => (asked.push(limit), []),
      modelNamed: () => ({
        ...testModel,
        decide: async () => ({
          label: 'card_arrival',
          confidence: 0.99,
          rationale: '',
          usage: { model: 'test', inputTokens: 1, outputTokens: 1, costUsd: '0' },
        }),
      }),
    })
    const runId = await bed.start('Something nobody ever wrote about')
    await bed.until(runId, 'WAITING_FOR_REVIEW')
    expect(asked).toEqual([25, 50, 100])
    const [review] = (await bed.as().reviews.ofRun(runId))!
    expect(review!.proposal['reason']).toMatch(/after searching wider/)
    const { reviews } = bed.as()
    await reviews.decide({
      reviewId: review!.id,
      checkpointId: review!.checkpointId,
      action: ReviewAction.RESPOND,
      value: { reply: 'I will find out.' },
    })
    expect((await bed.until(runId, 'SUCCEEDED')).output).toMatchObject({ reply: 'I will find out.', automated: false })
  })

  it('shows every failed try and goes on after one that works', async () => {
    await bed.publish(impatient)
    let tries = 0
    const search = testTools().search
    bed.engine({
      search: (query) => {
        tries += 1
        return tries < 3 ? Promise.reject(new Error('the index is away')) : search(query)
      },
    })
    const runId = await bed.start('Where is the card that I ordered?')
    await bed.until(runId, 'SUCCEEDED')
    const log = (await bed.logOf(runId)).filter(({ node }) => node === 'retrieve')
    expect(log.map(({ kind, attempt }) => `${kind} ${attempt}`)).toEqual([
      'NODE_STARTED 1',
      'NODE_FAILED 1',
      'RETRY_SCHEDULED 1',
      'NODE_STARTED 2',
      'NODE_FAILED 2',
      'RETRY_SCHEDULED 2',
      'NODE_STARTED 3',
      'NODE_FINISHED 3',
    ])
    expect(log[1]!.failure).toMatchObject({ code: 'KNOWLEDGE', retryable: true })
    expect(log[2]!.status).toBe('RETRYING')
  })

  it('fails when the tries are used up, and a retry goes on from the failed step', async () => {
    await bed.publish(impatient)
    let broken = true
    let planned = 0
    const tools = testTools()
    bed.engine({
      embed: (text) => ((planned += 1), tools.embed(text)),
      tools: toolsOf({ artifact: async () => (broken ? Promise.reject(new Error('no store')) : {}) }),
    })
    const runId = await bed.start('Where is the card that I ordered?')
    const failed = await bed.until(runId, 'FAILED')
    expect(failed.failure).toMatchObject({
      code: 'TOOL',
      node: 'act',
      attempt: 3,
      retryable: true,
      reason: 'The tool "artifact" did not do it.',
    })
    broken = false
    await bed.as().runs.retry(runId)
    const run = await bed.until(runId, 'SUCCEEDED')
    expect(run.failure).toBeNull()
    expect(planned).toBe(1)
    const log = await bed.logOf(runId)
    expect(log.map(({ seq }) => seq)).toEqual(log.map((_, index) => index + 1))
    expect(log.filter(({ kind }) => kind === 'NODE_FAILED')).toHaveLength(3)
  })
})
