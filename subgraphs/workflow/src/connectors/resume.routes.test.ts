import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import fastify, { type FastifyInstance } from 'fastify'
import { randomUUID } from 'node:crypto'
import { OtherSide } from '../testing/other-side.ts'
import { openOutside, PUBLIC_URL, type Outside } from '../testing/outside.ts'
import { WorkflowTestbed } from '../testing/testkit.ts'
import { ResumeLinks } from './resume-links.ts'
import { registerResumeRoute } from './resume.routes.ts'

describe('a call that waits for a later answer', () => {
  let bed: WorkflowTestbed
  let side: OtherSide
  let outside: Outside
  let app: FastifyInstance

  beforeAll(async () => {
    bed = await WorkflowTestbed.create()
    side = await OtherSide.listen()
    outside = openOutside(bed, side.origin)
    app = fastify()
    await registerResumeRoute(app, { orm: bed.orm, links: new ResumeLinks(outside.connections.envelope, PUBLIC_URL) })
    const settings = { url: `${side.origin}/webhook/7`, waits: true, waitHours: 2 }
    await outside.as().tools.save({ name: 'ask_sales', kind: 'n8n', description: 'Asks.', settings, enabled: true })
  })
  afterAll(async () => {
    await app.close()
    await outside[Symbol.asyncDispose]()
    await side[Symbol.asyncDispose]()
    await bed[Symbol.asyncDispose]()
  })

  const answer = async (url: string, body: unknown) => {
    const response = await app.inject({ method: 'POST', url: url.slice(PUBLIC_URL.length), payload: body as object })
    return [response.statusCode, response.json()] as const
  }

  it('tells n8n where to, takes one answer and keeps it with the call', async () => {
    const runId = await bed.start('Where is the card that I ordered')
    const key = { runId, idempotencyKey: `${runId}:ask` }
    const { result } = await outside.call('ask_sales', { customer: 'c-1' }, key)
    expect(result).toEqual({ status: 200, awaitsAnswerUntil: expect.any(String) })
    const sent = JSON.parse(side.received[0]!.body) as { customer: string; resumeUrl: string; resumeUntil: string }
    expect(sent).toMatchObject({ customer: 'c-1', resumeUntil: result['awaitsAnswerUntil'] })
    expect(side.received[0]!.headers['idempotency-key']).toBe(key.idempotencyKey)
    expect(await outside.toolbox.answerOf(bed.organizationId, 'ask_sales', key.idempotencyKey)).toBeUndefined()

    const elsewhere = sent.resumeUrl.replace(bed.organizationId, randomUUID())
    for (const wrong of [elsewhere, `${sent.resumeUrl.slice(0, -3)}AAA`, `${PUBLIC_URL}/hooks/resume/x?token=y`])
      expect(await answer(wrong, {})).toMatchObject([404, { errors: [{ extensions: { code: 'NOT_FOUND' } }] }])
    expect(await answer(sent.resumeUrl, { approved: true })).toEqual([202, { accepted: true }])
    expect(await answer(sent.resumeUrl, { approved: false })).toMatchObject([
      409,
      { errors: [{ extensions: { code: 'CONFLICT' } }] },
    ])
    expect(await outside.toolbox.answerOf(bed.organizationId, 'ask_sales', key.idempotencyKey)).toEqual({ approved: true })
  })

  it('lets the run go on that waits for it, with the answer and without a second call', async () => {
    bed.engine({ tools: outside.toolbox })
    const already = side.received.length
    await bed.publish({
      agents: [],
      tools: ['ask_sales'],
      output: { type: 'object' },
      nodes: [
        { name: 'act', kind: 'act', calls: [{ tool: 'ask_sales', arguments: { customer: 'input.text' } }] },
        { name: 'after', kind: 'transform', set: { approved: 'act.results.ask_sales.answer.approved' } },
      ],
      edges: [
        { from: '__start__', to: 'act' },
        { from: 'act', to: 'after' },
        { from: 'after', to: '__end__' },
      ],
      result: { approved: 'after.approved' },
    })
    const runId = await bed.start('c-2')
    await bed.until(runId, 'WAITING')
    const sent = JSON.parse(side.received[already]!.body) as { customer: string; resumeUrl: string }
    expect(sent.customer).toBe('c-2')
    expect(await answer(sent.resumeUrl, { approved: true })).toEqual([202, { accepted: true }])
    expect(await bed.until(runId, 'SUCCEEDED')).toMatchObject({ output: { approved: true } })
    expect(side.received).toHaveLength(already + 1)
  })

  it('takes none once its time is over, and nothing but JSON', async () => {
    const links = new ResumeLinks(outside.connections.envelope, PUBLIC_URL)
    const over = await links.urlOf(bed.organizationId, randomUUID(), new Date(Date.now() - 1))
    expect(await answer(over, {})).toMatchObject([404, { errors: [{ extensions: { code: 'NOT_FOUND' } }] }])
    const url = over.slice(PUBLIC_URL.length)
    const form = await app.inject({ method: 'POST', url, payload: 'a=b', headers: { 'content-type': 'text/html' } })
    expect([form.statusCode, form.json()]).toMatchObject([415, { errors: [{ extensions: { code: 'BAD_USER_INPUT' } }] }])
  })
})
