import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { randomUUID } from 'node:crypto'
import { RevocationList } from '@signalbox/shared/revocations'
import { ask, asking, keyOf } from '../testing/review-bed.ts'
import { eventually, viewerOf, WorkflowTestbed } from '../testing/testkit.ts'
import { ReviewAction, ReviewStatus } from './review.entity.ts'

const { APPROVE, EDIT, REJECT, RESPOND } = ReviewAction
const forbidden = (message: RegExp) => ({ message: expect.stringMatching(message), extensions: { code: 'FORBIDDEN' } })

describe('who may decide a review, and how many must', () => {
  let bed: WorkflowTestbed

  beforeAll(async () => {
    bed = await WorkflowTestbed.create()
    bed.engine()
  })
  afterAll(() => bed[Symbol.asyncDispose]())

  const person = (role = 'CLIENT_REVIEWER') => bed.as(viewerOf(bed.organizationId, { role }))

  it('is a member of its role or above', async () => {
    await bed.publish(asking({ role: 'CLIENT_OWNER' }))
    const { key, review, runId } = await ask(bed)
    const [reviewer, agency] = [person(), person('AGENCY_OPERATOR')]
    expect(await reviewer.reviews.rightTo(review)).toMatchObject({ allowed: false, reason: expect.stringMatching(/owners/) })
    await expect(reviewer.reviews.decide({ ...key, action: APPROVE })).rejects.toMatchObject(forbidden(/owners, and roles above/))
    const program = bed.as(viewerOf(bed.organizationId, { role: null, actorKind: 'SERVICE_CLIENT' }))
    await expect(program.reviews.decide({ ...key, action: APPROVE })).rejects.toMatchObject(forbidden(/owners/))
    expect(await agency.reviews.rightTo(review)).toEqual({ allowed: true, reason: null })
    await agency.reviews.decide({ ...key, action: APPROVE })
    await bed.until(runId, 'SUCCEEDED')
  })

  it('is nobody whose rights ended while the decision waited for its turn', async () => {
    await bed.publish(asking())
    const { key, review } = await ask(bed)
    const revocations = new RevocationList()
    const viewer = viewerOf(bed.organizationId, { issuedAt: Date.now() / 1_000 - 10 })
    const { reviews } = bed.as(viewer, { revocations })
    const holder = await bed.superuser.connect()
    await holder.query('begin')
    await holder.query('select from workflow.runs where id = $1 for update', [review.runId])
    const decision = reviews.decide({ ...key, action: APPROVE })
    const refused = expect(decision).rejects.toMatchObject({ extensions: { code: 'UNAUTHENTICATED' } })
    await eventually(async () => {
      const { rows } = await bed.superuser.query(`select from pg_stat_activity where wait_event_type = 'Lock'`)
      expect(rows).toHaveLength(1)
    })
    revocations.add({ subject: `actor:${viewer.actorId}`, revokedAt: Date.now() / 1_000, until: Date.now() / 1_000 + 60 })
    await holder.query('commit')
    holder.release()
    await refused
    expect((await person().reviews.find(review.id)).status).toBe('OPEN')
  })

  it('is not who started the run, nor a program, where the definition wants somebody else', async () => {
    await bed.publish(asking({ selfApproval: false }))
    const { key, runId, starter } = await ask(bed)
    await expect(bed.as(starter).reviews.decide({ ...key, action: APPROVE })).rejects.toMatchObject(forbidden(/You started/))
    const program = viewerOf(bed.organizationId, { actorKind: 'SERVICE_CLIENT', role: null })
    await expect(bed.as(program).reviews.decide({ ...key, action: APPROVE })).rejects.toMatchObject(forbidden(/Only a person/))
    await person().reviews.decide({ ...key, action: APPROVE })
    await bed.until(runId, 'SUCCEEDED')
  })

  it('is as many as the definition says for this case, who want the same', async () => {
    await bed.publish(asking({ quorum: 'input.amount > 100 ? 2 : 1' }))
    const { key, review, runId } = await ask(bed)
    expect(review.quorum).toBe(2)
    const [ann, bob, cid] = [person(), person(), person()]
    const vote = { ...key, action: EDIT, value: { amount: 90 } }
    expect((await ann.reviews.decide(vote)).review.status).toBe('OPEN')
    // Once more, and another wish: neither agrees with hers.
    await ann.reviews.decide(vote)
    expect((await bob.reviews.decide({ ...key, action: APPROVE })).review.status).toBe('OPEN')
    expect(await ann.reviewTrail.votesOf(review.id)).toMatchObject([{ action: 'EDIT' }, { action: 'APPROVE' }])
    // He comes round; what he wanted before no longer counts.
    const { review: decided } = await bob.reviews.decide(vote)
    expect(decided).toMatchObject({ status: 'DECIDED', decision: { action: 'EDIT', decidedBy: { id: bob.viewer.actorId } } })
    // Who agreed hears it again; who did not is told what stands.
    expect((await ann.reviews.decide(vote)).review.status).toBe('DECIDED')
    await expect(cid.reviews.decide(vote)).rejects.toMatchObject({ extensions: { code: 'CONFLICT' } })
    expect((await bed.until(runId, 'SUCCEEDED')).output).toMatchObject({ final: { amount: 90, payee: 'Ada' } })

    const { key: other, runId: rejected } = await ask(bed)
    await ann.reviews.decide({ ...other, action: APPROVE })
    expect((await bob.reviews.decide({ ...other, action: REJECT })).review.status).toBe('DECIDED')
    expect((await bed.until(rejected, 'SUCCEEDED')).output).toMatchObject({ action: 'REJECT' })
  })

  it('is one of twenty at once; and who decided it hears that again', async () => {
    await bed.publish(asking())
    const { key, review, runId } = await ask(bed)
    const people = Array.from({ length: 20 }, () => person())
    const results = await Promise.allSettled(people.map(({ reviews }) => reviews.decide({ ...key, action: APPROVE })))
    const winner = results.findIndex(({ status }) => status === 'fulfilled')
    const lost = results.flatMap((result) => (result.status === 'rejected' ? [result.reason as unknown] : []))
    expect(lost).toHaveLength(19)
    const standing = { action: 'APPROVE', decidedBy: { id: people[winner]!.viewer.actorId } }
    for (const reason of lost) expect(reason).toMatchObject({ extensions: { code: 'CONFLICT', current: { decision: standing } } })
    const again = await people[winner]!.reviews.decide({ ...key, action: APPROVE })
    expect(again.review.status).toBe('DECIDED')
    await expect(people[winner]!.reviews.decide({ ...key, action: REJECT })).rejects.toMatchObject({
      extensions: { code: 'CONFLICT' },
    })
    await bed.until(runId, 'SUCCEEDED')
    const { rows } = await bed.superuser.query(
      `select from events.outbox where type = 'review.decided' and payload ->> 'reviewId' = $1`,
      [review.id],
    )
    expect(rows).toHaveLength(1)
  })

  it('takes a value of any shape', async () => {
    const line = { type: 'object', required: ['item'], properties: { item: { type: 'string' }, price: { type: 'number' } } }
    const responseSchema = {
      type: 'object',
      required: ['amount', 'lines'],
      properties: { amount: { type: 'number', minimum: 0 }, lines: { type: 'array', items: line } },
      additionalProperties: false,
    }
    await bed.publish(asking({ responseSchema, effect: '{"pay": input.amount}', before: '{"amount": 0}' }))
    const { key, review, runId } = await ask(bed)
    expect(review).toMatchObject({ effect: { pay: 120 }, before: { amount: 0 }, proposal: { amount: 120 } })
    const { reviews } = person()
    const faults = (...paths: string[]) => ({
      extensions: { code: 'BAD_USER_INPUT', fields: paths.map((path) => expect.objectContaining({ path })) },
    })
    // The proposal has the amount but no lines.
    await expect(reviews.decide({ ...key, action: EDIT, value: { amount: -1 } })).rejects.toMatchObject(
      faults('value.lines', 'value.amount'),
    )
    await expect(reviews.decide({ ...key, action: RESPOND, value: { reply: 'no' } })).rejects.toMatchObject(
      faults('value.amount', 'value.lines', 'value.reply'),
    )
    const value = { amount: 5, lines: [{ item: 'ink', price: 5 }] }
    await reviews.decide({ ...key, action: RESPOND, value })
    expect((await bed.until(runId, 'SUCCEEDED')).output).toMatchObject({ final: { ...value, payee: 'Ada' } })
  })

  it('is at it alone while a claim holds', async () => {
    await bed.publish(asking())
    const { key, review } = await ask(bed)
    const [ann, bob, boss] = [person(), person(), person('CLIENT_OWNER')]
    expect((await ann.reviews.claim(review.id)).claimedBy).toEqual({ id: ann.viewer.actorId })
    const taken = { extensions: { code: 'CONFLICT', current: { claimedBy: ann.viewer.actorId } } }
    await expect(bob.reviews.claim(review.id)).rejects.toMatchObject(taken)
    await expect(bob.reviews.decide({ ...key, action: APPROVE })).rejects.toMatchObject(taken)
    await expect(bob.reviews.release(review.id)).rejects.toMatchObject(forbidden(/an owner/))
    const idsOf = async (filter: object) => (await ann.reviews.list(filter, null, null)).nodes.map(({ id }) => id)
    expect(await idsOf({ mine: true })).toEqual([review.id])
    expect(await idsOf({ claimedBy: ann.viewer.actorId, overdue: false })).toEqual([review.id])
    await boss.reviews.release(review.id)
    expect(await idsOf({ mine: true })).toEqual([])
    await ann.reviews.claim(review.id)
    await ann.reviews.delegate({ reviewId: review.id, to: bob.viewer.actorId, comment: 'Yours, I think.' })
    expect(await ann.reviews.find(review.id)).toMatchObject({ assigneeId: bob.viewer.actorId, claimedBy: null })
    expect(await ann.reviewTrail.handoversOf(review.id)).toMatchObject([
      { kind: 'CLAIMED', actor: { id: ann.viewer.actorId } },
      { kind: 'RELEASED', actor: { id: boss.viewer.actorId } },
      { kind: 'CLAIMED' },
      { kind: 'DELEGATED', to: { id: bob.viewer.actorId }, comment: 'Yours, I think.' },
    ])
  })

  it('decides many, each by itself', async () => {
    await bed.publish(asking({ actions: ['APPROVE', 'REJECT'] }))
    const cases = await Promise.all([ask(bed), ask(bed), ask(bed)])
    const { reviews } = person()
    await person().reviews.decide({ ...cases[1].key, action: REJECT })
    const inputs = [
      ...cases.map(({ key }) => ({ ...key, action: APPROVE })),
      { ...cases[0].key, reviewId: randomUUID(), action: APPROVE },
    ]
    expect(await reviews.decideMany(inputs)).toMatchObject([
      { reviewId: cases[0].review.id, review: { status: 'DECIDED' }, run: { id: cases[0].runId }, fault: null },
      { review: null, fault: { code: 'CONFLICT', current: { decision: { action: 'REJECT' } } } },
      { review: { status: ReviewStatus.DECIDED } },
      { fault: { code: 'NOT_FOUND', message: 'There is no such review.' } },
    ])
    await expect(reviews.decideMany([])).rejects.toMatchObject({ extensions: { code: 'BAD_USER_INPUT' } })
  })

  it('answers the questions of one run side by side, each for itself, and the run goes on once all are', async () => {
    const question = { kind: 'review' as const, question: 'Well?', proposal: { amount: 'input.amount' } }
    await bed.publish({
      ...asking(),
      nodes: [
        { name: 'begin', kind: 'transform', set: { amount: 'input.amount' } },
        { ...question, name: 'left' },
        { ...question, name: 'right' },
        { name: 'spread', kind: 'map', items: 'input.items', each: 'one' },
        { ...question, name: 'one', question: 'And {{ item }}?', proposal: { item: 'item' } },
        { name: 'done', kind: 'transform', set: { count: 'size(one)' } },
      ],
      edges: [
        { from: '__start__', to: 'begin' },
        { from: 'begin', to: 'left' },
        { from: 'begin', to: 'right' },
        { from: 'begin', to: 'spread' },
        { from: 'left', to: '__end__' },
        { from: 'right', to: '__end__' },
        { from: 'one', to: 'done' },
        { from: 'done', to: '__end__' },
      ],
      result: { left: 'left.action', right: 'right.final.amount', items: 'one', count: 'done.count' },
    })
    const { runId } = await ask(bed, { items: ['a', 'b', 'c'] }, 2)
    const open = async () => (await person().reviews.ofRun(runId))!.filter(({ status }) => status === 'OPEN')
    const named = async (node: string) => (await open()).filter((review) => review.node === node)
    const decide = async (node: string, action: ReviewAction, value?: unknown) =>
      person().reviews.decide({
        ...keyOf(await eventually(async () => (await named(node))[0] ?? Promise.reject(new Error(node)))),
        action,
        value,
      })
    await decide('left', REJECT)
    await bed.until(runId, 'WAITING_FOR_REVIEW')
    expect((await open()).map(({ node }) => node)).not.toContain('left')
    await decide('right', EDIT, { amount: 7 })
    const items = await eventually(async () => {
      const found = await named('one')
      expect(found).toHaveLength(3)
      return found
    })
    expect(items.map(({ question: text }) => text).sort()).toEqual(['And a?', 'And b?', 'And c?'])
    // All at once: whatever the worker is doing meanwhile.
    await Promise.all(
      items.map((one, index) => person().reviews.decide({ ...keyOf(one), action: index === 0 ? REJECT : APPROVE })),
    )
    const { output } = await bed.until(runId, 'SUCCEEDED', 'FAILED')
    const rejected = items[0]!.proposal['item']
    expect(output).toMatchObject({ left: 'REJECT', right: 7, count: 3 })
    expect(
      (output as { items: { action: string; final: { item: string } }[] }).items.map(({ action, final }) => [final.item, action]),
    ).toEqual(['a', 'b', 'c'].map((item) => [item, item === rejected ? 'REJECT' : 'APPROVE']))
    expect((await bed.logOf(runId)).filter(({ kind }) => kind === 'REVIEW_DECIDED')).toHaveLength(5)
  })
})
