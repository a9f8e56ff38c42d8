import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { ReviewAction, ReviewStatus } from '../reviews/review.entity.ts'
import { viewerOf, WorkflowTestbed } from '../testing/testkit.ts'
import { RunStatus } from './run-status.ts'

describe('changes of lists', () => {
  let bed: WorkflowTestbed

  beforeAll(async () => {
    bed = await WorkflowTestbed.create()
  })
  afterAll(() => bed[Symbol.asyncDispose]())

  /** Reads until the given change of the given thing has come, and gives the kinds that came for it. */
  async function until<T extends { kind: string; cursor: string }>(
    stream: AsyncIterableIterator<T>,
    idOf: (change: T) => string,
    id: string,
    done: (change: T) => boolean,
  ) {
    const seen: T[] = []
    for (;;) {
      const { value } = (await stream.next()) as { value: T }
      if (idOf(value) !== id) continue
      seen.push(value)
      if (done(value)) return seen
    }
  }

  it('says when a run enters, changes in and leaves a list, and goes on after a cursor', async () => {
    const { subscriptions } = bed.as()
    const all = await subscriptions.runsChanged({ tag: 'seen' }, null)
    const waiting = await subscriptions.runsChanged({ status: [RunStatus.WAITING_FOR_REVIEW] }, null)
    const { run } = await bed
      .as()
      .runs.start({ workflow: 'support-triage', input: { text: 'I want a refund for this payment' }, tags: ['seen'] })
    const added = await until(
      all,
      (change) => change.run.id,
      run.id,
      () => true,
    )
    expect(added[0]).toMatchObject({ kind: 'ADDED', run: { status: 'QUEUED' } })
    const engine = bed.engine()
    const entered = await until(
      waiting,
      (change) => change.run.id,
      run.id,
      () => true,
    )
    expect(entered[0]).toMatchObject({ kind: 'ADDED', run: { status: 'WAITING_FOR_REVIEW' } })
    const updated = await until(
      all,
      (change) => change.run.id,
      run.id,
      (change) => change.run.status === RunStatus.WAITING_FOR_REVIEW,
    )
    expect(new Set(updated.map(({ kind }) => kind))).toEqual(new Set(['UPDATED']))
    await bed.as().runs.cancel(run.id, null)
    const left = await until(
      waiting,
      (change) => change.run.id,
      run.id,
      () => true,
    )
    expect(left[0]).toMatchObject({ kind: 'LEFT', run: { status: 'CANCELLED' } })
    await Promise.all([all.return!(), waiting.return!()])
    const again = await subscriptions.runsChanged({ tag: 'seen' }, updated.at(-1)!.cursor)
    const resumed = await until(
      again,
      (change) => change.run.id,
      run.id,
      (change) => change.run.status === RunStatus.CANCELLED,
    )
    expect(resumed.length).toBeGreaterThan(0)
    await again.return!()
    await engine[Symbol.asyncDispose]()
  })

  it('says when a review opens and is decided', async () => {
    const { subscriptions, reviews } = bed.as()
    const open = await subscriptions.reviewsChanged({ status: [ReviewStatus.OPEN] }, null)
    const engine = bed.engine()
    const runId = await bed.start('I want a refund for this payment')
    const [added] = await until(
      open,
      (change) => change.review.runId,
      runId,
      () => true,
    )
    expect(added).toMatchObject({ kind: 'ADDED', review: { status: 'OPEN' } })
    const { id: reviewId, checkpointId } = added!.review
    await reviews.decide({ reviewId, checkpointId, action: ReviewAction.APPROVE })
    const [left] = await until(
      open,
      (change) => change.review.runId,
      runId,
      () => true,
    )
    expect(left).toMatchObject({ kind: 'LEFT', review: { status: 'DECIDED' } })
    await open.return!()
    await engine[Symbol.asyncDispose]()
  })

  it('tells nobody of another organisation’s runs', async () => {
    const stranger = bed.as(viewerOf('0190a000-0000-7000-8000-0000000000cc'))
    const theirs = await stranger.subscriptions.runsChanged({}, null)
    const next = theirs.next()
    const mine = await bed.as().subscriptions.runsChanged({}, null)
    await bed.start('private')
    await mine.next()
    await bed.publish({}, stranger.viewer.organizationId)
    const { run } = await stranger.runs.start({ workflow: 'support-triage', input: { text: 'own' } })
    expect((await next).value).toMatchObject({ kind: 'ADDED', run: { id: run.id } })
    await Promise.all([theirs.return!(), mine.return!()])
  })
})
