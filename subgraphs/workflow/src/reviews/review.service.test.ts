import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { randomUUID } from 'node:crypto'
import { viewerOf, WorkflowTestbed } from '../testing/testkit.ts'
import { editDistance } from './edit-distance.ts'
import { ReviewAction, ReviewStatus } from './review.entity.ts'

describe('reviews', () => {
  let bed: WorkflowTestbed

  beforeAll(async () => {
    bed = await WorkflowTestbed.create()
    bed.engine()
  })
  afterAll(() => bed[Symbol.asyncDispose]())

  async function openReview() {
    const runId = await bed.start('I want a refund for this payment')
    await bed.until(runId, 'WAITING_FOR_REVIEW')
    const [review] = (await bed.as().reviews.ofRun(runId))!
    return { runId, reviewId: review!.id, checkpointId: review!.checkpointId }
  }

  it('counts one of ten decisions at once and shows it to the others', async () => {
    const { runId, reviewId, checkpointId } = await openReview()
    const decisions = await Promise.allSettled(
      Array.from({ length: 10 }, (_, index) =>
        bed.as().reviews.decide({ reviewId, checkpointId, action: index % 2 === 0 ? ReviewAction.APPROVE : ReviewAction.REJECT }),
      ),
    )
    const first = decisions.filter((one) => one.status === 'fulfilled')
    expect(first).toHaveLength(1)
    const { decision } = first[0]!.value.review
    for (const one of decisions) {
      if (one.status === 'rejected') {
        expect(one.reason).toMatchObject({
          extensions: { code: 'CONFLICT', current: { status: 'DECIDED', decision: { action: decision!.action } } },
        })
      }
    }
    await bed.until(runId, 'SUCCEEDED')
    expect((await bed.logOf(runId)).filter(({ kind }) => kind === 'REVIEW_DECIDED')).toHaveLength(1)
  })

  it('refuses a second decision on the same review', async () => {
    const { runId, reviewId, checkpointId } = await openReview()
    const { reviews, viewer } = bed.as()
    await reviews.decide({ reviewId, checkpointId, action: ReviewAction.APPROVE, comment: ' fine ' })
    await bed.until(runId, 'SUCCEEDED')
    await expect(reviews.decide({ reviewId, checkpointId, action: ReviewAction.REJECT })).rejects.toMatchObject({
      extensions: {
        code: 'CONFLICT',
        current: { decision: { action: 'APPROVE', comment: 'fine', decidedBy: { id: viewer.actorId } } },
      },
    })
  })

  it('refuses a decision on a state that no longer stands', async () => {
    const { reviewId, checkpointId } = await openReview()
    await expect(
      bed.as().reviews.decide({ reviewId, checkpointId: randomUUID(), action: ReviewAction.APPROVE }),
    ).rejects.toMatchObject({
      extensions: { code: 'PRECONDITION_FAILED', current: { checkpointId } },
    })
    expect((await bed.as().reviews.find(reviewId)).status).toBe('OPEN')
  })

  it('checks the value against the action', async () => {
    const { reviewId, checkpointId } = await openReview()
    const decide = (action: ReviewAction, value?: unknown) => bed.as().reviews.decide({ reviewId, checkpointId, action, value })
    const fields = (...paths: string[]) => ({
      extensions: { code: 'BAD_USER_INPUT', fields: paths.map((path) => expect.objectContaining({ path })) },
    })
    await expect(decide(ReviewAction.APPROVE, { reply: 'x' })).rejects.toMatchObject(fields('value'))
    await expect(decide(ReviewAction.EDIT)).rejects.toMatchObject(fields('value'))
    await expect(decide(ReviewAction.EDIT, {})).rejects.toMatchObject(fields('value'))
    await expect(decide(ReviewAction.EDIT, { reply: 5, other: 1 })).rejects.toMatchObject(fields('value.other', 'value.reply'))
    await expect(decide(ReviewAction.RESPOND, { intent: 'x' })).rejects.toMatchObject(fields('value.reply'))
  })

  it('tells telemetry of the decision in its transaction', async () => {
    const { reviewId, checkpointId } = await openReview()
    await bed
      .as()
      .reviews.decide({ reviewId, checkpointId, action: ReviewAction.EDIT, value: { reply: 'Another text' }, activeMs: 1_234 })
    const { rows } = await bed.superuser.query(
      `select payload from events.outbox where type = 'review.decided' and payload ->> 'reviewId' = $1`,
      [reviewId],
    )
    expect(rows).toHaveLength(1)
    expect(rows[0].payload).toMatchObject({ action: 'EDIT', edited: true, activeMs: 1_234 })
    expect(rows[0].payload.editDistance).toBeGreaterThan(0.5)
  })

  it('assigns an open review and lists it by its assignee', async () => {
    const { reviewId, runId } = await openReview()
    const { reviews, runs } = bed.as()
    const assignee = randomUUID()
    expect((await reviews.assign(reviewId, assignee)).assigneeId).toBe(assignee)
    const mine = await reviews.list({ assignee, status: [ReviewStatus.OPEN] }, null, null)
    expect(mine.nodes.map(({ id }) => id)).toEqual([reviewId])
    expect((await runs.list({ filter: { waitingOn: assignee } })).nodes.map(({ id }) => id)).toEqual([runId])
  })

  it('withdraws the review of a cancelled run', async () => {
    const { reviewId, checkpointId, runId } = await openReview()
    await bed.as().runs.cancel(runId, null)
    await expect(bed.as().reviews.decide({ reviewId, checkpointId, action: ReviewAction.APPROVE })).rejects.toMatchObject({
      extensions: { code: 'CONFLICT', current: { status: 'WITHDRAWN', decision: null } },
    })
  })

  it('is not there for another organisation', async () => {
    const { reviewId, checkpointId } = await openReview()
    const { reviews } = bed.as(viewerOf(randomUUID()))
    const missing = { message: 'There is no such review.', extensions: { code: 'NOT_FOUND' } }
    await expect(reviews.find(reviewId)).rejects.toMatchObject(missing)
    await expect(reviews.decide({ reviewId, checkpointId, action: ReviewAction.APPROVE })).rejects.toMatchObject(missing)
    await expect(reviews.assign(reviewId, null)).rejects.toMatchObject(missing)
  })

  it('measures an edit by its distance', () => {
    expect(editDistance('same', 'same')).toBe(0)
    expect(editDistance('kitten', 'sitting')).toBeCloseTo(3 / 7)
    expect(editDistance('', 'new')).toBe(1)
  })
})
