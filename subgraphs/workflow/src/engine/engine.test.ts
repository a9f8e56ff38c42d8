import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import { WorkflowTestbed } from '../testing/testkit.ts'

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
  })

  it('asks a person where the policy wants one, and goes on from the answer', async () => {
    bed.engine()
    const runId = await bed.start('I want a refund for this payment')
    await bed.until(runId, 'WAITING_FOR_REVIEW')
    const { reviews, runs } = bed.as()
    const [review] = (await reviews.ofRun(runId))!
    expect(review).toMatchObject({
      status: 'OPEN',
      node: 'review',
      confidence: 0.97,
      proposal: { intent: 'request_refund', action: 'refund' },
    })
    await reviews.decide({
      reviewId: review!.id,
      checkpointId: review!.checkpointId,
      action: 'EDIT' as never,
      value: { reply: 'We refund it today.' },
      activeMs: 4_000,
    })
    const run = await bed.until(runId, 'SUCCEEDED')
    expect(run.output).toMatchObject({
      intent: 'request_refund',
      reply: 'We refund it today.',
      action: 'refund',
      automated: false,
    })
    const log = await bed.logOf(runId)
    expect(log.map(({ seq }) => seq)).toEqual(log.map((_, index) => index + 1))
    expect(log.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['REVIEW_REQUESTED', 'REVIEW_DECIDED', 'RESUMED']))
    expect(log.filter(({ kind, node }) => kind === 'NODE_STARTED' && node === 'review')).toHaveLength(1)
    expect((await runs.find(runId)).status).toBe('SUCCEEDED')
  })
})
