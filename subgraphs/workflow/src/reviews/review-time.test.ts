import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { ask, asking } from '../testing/review-bed.ts'
import { toolsOf } from '../testing/tools.ts'
import { eventually, viewerOf, WorkflowTestbed } from '../testing/testkit.ts'
import { noticeMail } from './notice-mail.ts'
import { reviewNotices } from './review-notices.ts'
import { ReviewAction } from './review.entity.ts'

const { APPROVE, REJECT } = ReviewAction

describe('what happens to a review in time', () => {
  let bed: WorkflowTestbed

  beforeAll(async () => {
    bed = await WorkflowTestbed.create()
  })
  beforeEach(() => void bed.engine())
  afterEach(() => bed.stopEngines())
  afterAll(() => bed[Symbol.asyncDispose]())

  const person = () => bed.as(viewerOf(bed.organizationId, { role: 'CLIENT_REVIEWER' }))
  const due = async () => (await bed.pool.query('select * from workflow.reviews_due(100)')).rows

  /** As if the review had been opened so long ago. */
  const age = (reviewId: string, interval: string) =>
    bed.superuser.query(
      `update workflow.reviews set opened_at = opened_at - $2::interval, due_at = due_at - $2::interval, expires_at = expires_at - $2::interval,
         claimed_until = claimed_until - $2::interval, agenda_at = array(select at - $2::interval from unnest(agenda_at) as at) where id = $1`,
      [reviewId, interval],
    )
  const noticesOf = async (reviewId: string) =>
    (await bed.superuser.query('select kind from workflow.review_notices where review_id = $1 order by id', [reviewId])).rows.map(
      ({ kind }: { kind: string }) => kind,
    )

  it('reminds, passes on and lets go, each once, whoever asks', async () => {
    const escalations = [
      { afterHours: 30, role: 'CLIENT_OWNER' as const },
      { afterHours: 40, assignee: 'user-1' },
    ]
    await bed.publish(asking({ dueHours: 24, remindHours: [4, 20], escalations, notify: { mail: true } }))
    const { review, key, runId } = await ask(bed)
    await bed.stopEngines()
    const [ann] = [person()]
    await ann.reviews.claim(review.id)
    await age(review.id, '21 hours')
    // Several workers look at once.
    await Promise.all([due(), due(), due(), due()])
    const reminded = await ann.reviews.find(review.id)
    expect(reminded).toMatchObject({ claimedBy: null, role: null, escalatedAt: null, remindedAt: expect.any(Date) })
    expect(await noticesOf(review.id)).toEqual(['OPENED', 'REMINDED'])
    await age(review.id, '10 hours')
    expect((await ann.reviews.list({ overdue: true }, null, null)).nodes.map(({ id }) => id)).toEqual([review.id])
    await Promise.all([due(), due(), due(), due()])
    expect(await ann.reviews.find(review.id)).toMatchObject({ role: 'CLIENT_OWNER', escalatedAt: expect.any(Date) })
    await expect(ann.reviews.decide({ ...key, action: APPROVE })).rejects.toMatchObject({ extensions: { code: 'FORBIDDEN' } })
    await age(review.id, '10 hours')
    await due()
    expect(await ann.reviews.find(review.id)).toMatchObject({ role: 'CLIENT_OWNER', assigneeId: 'user-1', status: 'OPEN' })
    expect(await due()).toEqual([])
    expect((await ann.reviewTrail.handoversOf(review.id))!.map(({ kind }) => kind)).toEqual([
      'CLAIMED',
      'RELEASED',
      'REMINDED',
      'ESCALATED',
      'ESCALATED',
    ])
    const log = (await bed.logOf(runId)).filter(({ kind }) => kind === 'REVIEW_ASSIGNED')
    expect(log).toMatchObject([{ actor_id: 'expiry', status: 'WAITING_FOR_REVIEW' }, { actor_id: 'expiry' }])

    await reviewNotices(bed.pool, 'https://signalbox.example/', 1_000).run()
    const asked = () => bed.superuser.query('select key, mail from events.notifications order by requested_at, key')
    const { rows } = await asked()
    expect(rows.map(({ mail }: { mail: { to: unknown; subject: string } }) => [mail.to, mail.subject])).toEqual(
      [
        'A decision waits for you',
        'Reminder: a decision waits for you',
        ...Array(2).fill('A decision was passed on to you: nobody has decided yet'),
      ].map((subject) => [{ userId: 'user-1' }, `${subject} (Support triage)`]),
    )
    await reviewNotices(bed.pool, 'https://signalbox.example/', 1_000).run()
    expect((await asked()).rows).toHaveLength(4)
  })

  it.each([
    ['APPROVE', 'SUCCEEDED'],
    ['REJECT', 'SUCCEEDED'],
    ['FAIL', 'FAILED'],
  ] as const)('ends by itself with %s when nobody decides', async (action, status) => {
    await bed.publish(asking({ onExpiry: { afterHours: 48, action } }))
    const { review, runId } = await ask(bed)
    await age(review.id, '49 hours')
    const run = await bed.until(runId, status)
    const { reviews } = person()
    const expired = await reviews.find(review.id)
    expect(expired.status).toBe('EXPIRED')
    expect((await bed.logOf(runId)).filter(({ kind }) => kind === 'REVIEW_EXPIRED')).toMatchObject([{ actor_id: 'expiry' }])
    if (action === 'FAIL') expect(run.failure).toMatchObject({ code: 'TIMEOUT', reason: 'Nobody decided in time.' })
    else {
      expect(expired.decision).toMatchObject({ action, decidedBy: { __typename: 'SystemActor', id: 'expiry' } })
      expect(run.output).toMatchObject({ action, by: null })
    }
    await expect(
      reviews.decide({ reviewId: review.id, checkpointId: review.checkpointId, action: APPROVE }),
    ).rejects.toMatchObject({
      extensions: { code: 'CONFLICT', current: { status: 'EXPIRED' } },
    })
  })

  it('is decided once when a person and the expiry come in the same instant', async () => {
    await bed.publish(asking({ dueHours: 1, onExpiry: { afterHours: 1, action: 'APPROVE' } }))
    await bed.stopEngines()
    for (let round = 0; round < 5; round++) {
      const engine = bed.engine()
      const { review, key, runId } = await ask(bed)
      await engine[Symbol.asyncDispose]()
      await age(review.id, '2 hours')
      const [decision] = await Promise.allSettled([person().reviews.decide({ ...key, action: REJECT }), due(), due()])
      await due()
      const { status, decision: standing } = await person().reviews.find(review.id)
      const kinds = (await bed.logOf(runId)).map(({ kind }) => kind).filter((kind) => /REVIEW_(DECIDED|EXPIRED)/.test(kind))
      if (decision.status === 'fulfilled')
        expect([status, standing!.action, kinds]).toEqual(['DECIDED', 'REJECT', ['REVIEW_DECIDED']])
      else {
        expect([status, standing!.action, kinds]).toEqual(['EXPIRED', 'APPROVE', ['REVIEW_EXPIRED']])
        expect(decision.reason).toMatchObject({ extensions: { code: 'CONFLICT', current: { decision: { action: 'APPROVE' } } } })
      }
    }
  })

  it('keeps the answer when the worker dies between the decision and the next step', async () => {
    await bed.publish(asking())
    const { key, runId } = await ask(bed)
    await bed.stopEngines()
    await person().reviews.decide({ ...key, action: REJECT })
    // A worker that takes the run, answer and all, and is never heard of again.
    const { rows } = await bed.pool.query(`select run ->> 'id' as id from workflow.take_runs('lost', 1, 10)`)
    expect(rows).toEqual([{ id: runId }])
    bed.engine()
    expect((await bed.until(runId, 'SUCCEEDED')).output).toMatchObject({ action: 'REJECT' })
    const kinds = (await bed.logOf(runId)).map(({ kind }) => kind)
    expect(kinds.filter((kind) => kind === 'RECOVERED' || kind === 'REVIEW_DECIDED')).toEqual(['REVIEW_DECIDED', 'RECOVERED'])
  })

  it('takes an answer while another branch is still at work', async () => {
    await bed.stopEngines()
    const gate = Promise.withResolvers<Record<string, unknown>>()
    bed.engine({ tools: toolsOf({ slow: () => gate.promise }, ['slow']) })
    const { nodes, ...rest } = asking()
    await bed.publish({
      ...rest,
      tools: ['slow'],
      nodes: [{ name: 'begin', kind: 'branch' }, ...nodes!, { name: 'work', kind: 'act', calls: [{ tool: 'slow' }] }],
      edges: [
        { from: '__start__', to: 'begin' },
        ...['ask', 'work'].flatMap((name) => [
          { from: 'begin', to: name },
          { from: name, to: '__end__' },
        ]),
      ],
      result: { action: 'ask.action', worked: 'work.done' },
    })
    const { key, runId } = await ask(bed)
    const { run } = await person().reviews.decide({ ...key, action: APPROVE })
    expect(run.status).toBe('RUNNING')
    gate.resolve({})
    expect((await bed.until(runId, 'SUCCEEDED')).output).toEqual({ action: 'APPROVE', worked: true })
    const log = await bed.logOf(runId)
    expect(log.map(({ seq }) => seq)).toEqual(log.map((_, index) => index + 1))
  })

  it('is told in a mail that says until when and what follows', () => {
    const at = new Date('2026-11-25T14:05:00Z')
    const notice = {
      kind: 'OPENED' as const,
      reviewId: 'r1',
      question: 'Pay?',
      workflow: 'Invoices',
      assigneeId: null,
      role: 'CLIENT_OWNER',
    }
    expect(
      noticeMail({ ...notice, dueAt: at, expiresAt: at, expiryAction: 'REJECT', comment: null }, 'https://s.example'),
    ).toEqual({
      to: { scope: 'hitl:decide', role: 'CLIENT_OWNER' },
      subject: 'A decision waits for you (Invoices)',
      text: [
        'Invoices asks: Pay?',
        'It is due by 25 November 2026, 14:05 UTC.',
        'If nobody decides by 25 November 2026, 14:05 UTC, it counts as rejected.',
        'Decide here: https://s.example/reviews/r1',
      ].join('\n\n'),
    })
  })

  it('shows who waits for whom until it is over', async () => {
    await bed.publish(asking({ assignee: '"user-7"' }))
    const { review, key } = await ask(bed)
    expect(review.assignee).toEqual({ id: 'user-7' })
    await eventually(async () => expect(await noticesOf(review.id)).toEqual([]))
    await person().reviews.assign(review.id, 'user-8')
    expect(await noticesOf(review.id)).toEqual(['ASSIGNED'])
    await person().reviews.decide({ ...key, action: APPROVE })
    await expect(person().reviews.assign(review.id, null)).rejects.toMatchObject({ extensions: { code: 'CONFLICT' } })
  })
})
