import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import fastify, { type FastifyInstance } from 'fastify'
import { createHmac, randomUUID } from 'node:crypto'
import { Envelope } from '@signalbox/shared/encryption/envelope'
import { KeyFileProvider } from '@signalbox/shared/encryption/key-file'
import { keysInUse, rotateCredentials } from '../../credentials/rotation.ts'
import { log, testKeys, viewerOf, WorkflowTestbed } from '../../testing/testkit.ts'
import { forgetDeliveries } from '../trigger-tasks.ts'
import { WebhookIntake } from './webhook-intake.ts'
import { SignatureForm } from './webhook-trigger.entity.ts'
import { WebhookTriggerService } from './webhook-trigger.service.ts'
import { registerWebhookRoutes } from './webhook.routes.ts'

const KEYS = testKeys()
const NOT_THERE = { errors: [{ message: 'There is no such address.', extensions: { code: 'NOT_FOUND' } }] }

describe('a webhook', () => {
  let bed: WorkflowTestbed
  let app: FastifyInstance
  let intake: WebhookIntake
  let base: string
  const envelope = new Envelope(new KeyFileProvider({ text: KEYS }))

  beforeAll(async () => {
    bed = await WorkflowTestbed.create()
    intake = new WebhookIntake({ orm: bed.orm, notifier: bed.notifier, log, envelope })
    app = fastify({ forceCloseConnections: true })
    app.setNotFoundHandler((_request, reply) => reply.code(404).send(NOT_THERE))
    await registerWebhookRoutes(app, intake, log)
    base = await app.listen({ host: '127.0.0.1', port: 0 })
  })
  afterEach(async () => {
    await bed.superuser.query('delete from workflow.webhooks; delete from workflow.runs; delete from events.outbox')
  })
  afterAll(async () => {
    await app.close()
    await bed[Symbol.asyncDispose]()
  })

  const service = (organizationId = bed.organizationId) => {
    const { tenant, workflows, audit } = bed.as(viewerOf(organizationId))
    return new WebhookTriggerService(tenant, workflows, { intake, envelope, publicUrl: base }, audit)
  }
  const create = (over = {}) =>
    service().create({
      workflow: 'support-triage',
      name: 'Shop',
      mapping: { input: { text: 'body.message' }, caseId: 'body.?order.orValue("none")' },
      enabled: true,
      requireSignature: true,
      signatureForm: SignatureForm.STANDARD,
      ...over,
    })
  type Made = Awaited<ReturnType<typeof create>>

  const send = async (address: string, body: string, headers: Record<string, string> = {}) => {
    const init = { method: 'POST', body, headers: { 'content-type': 'application/json', ...headers } }
    const response = await fetch(address, init)
    return {
      status: response.status,
      ...((await response.json()) as { runId?: string; created?: boolean; errors?: { message: string }[] }),
    }
  }
  const seconds = (ago = 0) => String(Math.floor(Date.now() / 1000) - ago)
  /** Headers of Standard Webhooks. */
  const standard = (secret: string, body: string, { id = `msg_${randomUUID()}`, at = seconds() } = {}) => {
    const key = Buffer.from(secret.slice('whsec_'.length), 'base64')
    const signature = createHmac('sha256', key).update(`${id}.${at}.${body}`).digest('base64')
    return { 'webhook-id': id, 'webhook-timestamp': at, 'webhook-signature': `v1,bm90IHRoaXM= v1,${signature}` }
  }
  const hex = (secret: string, text: string) => createHmac('sha256', secret).update(text).digest('hex')
  const message = JSON.stringify({ message: 'Where is my card', order: 'A-7' })
  const sendSigned = ({ address, secret }: Pick<Made, 'address' | 'secret'>, body = message, options = {}, more = {}) =>
    send(address, body, { ...standard(secret, body, options), ...more })
  const runs = async () =>
    (await bed.superuser.query('select id, input, case_id, trigger, trigger_id, started_by_id from workflow.runs order by id'))
      .rows
  const deliveries = async ({ trigger }: Pick<Made, 'trigger'>) => (await service().deliveries(trigger, null, null)).nodes

  it('starts a run from what was sent and signed', async () => {
    const made = await create()
    expect(made.address).toMatch(/\/hooks\/in\/[\w-]{32}$/)
    const answer = await sendSigned(made, message, {}, { authorization: 'Bearer a-secret-of-the-sender', 'x-shop': 'north' })
    expect(answer).toEqual({ status: 202, runId: expect.any(String), created: true })
    expect(await runs()).toEqual([
      {
        id: answer.runId,
        input: { text: 'Where is my card' },
        case_id: 'A-7',
        trigger: 'WEBHOOK',
        trigger_id: made.trigger.id,
        started_by_id: 'webhook',
      },
    ])
    const [kept] = await deliveries(made)
    expect(kept).toMatchObject({ status: 'ACCEPTED', httpStatus: 202, runId: answer.runId, createdRun: true })
    expect(kept!.headers).toMatchObject({ 'x-shop': 'north', authorization: '[hidden]', 'webhook-signature': '[hidden]' })
  })

  it('stores neither its address nor its secret', async () => {
    const made = await create()
    const { rows } = await bed.superuser.query('select * from workflow.webhooks, workflow.webhook_secrets')
    const [row] = rows as { ciphertext: Buffer }[]
    const stored = JSON.stringify(rows) + row!.ciphertext.toString('latin1')
    const path = made.address.split('/').at(-1)!
    for (const secret of [path, made.secret, made.secret.slice(6)]) expect(stored).not.toContain(secret)
  })

  it('answers a repetition with the first run, however it is sent', async () => {
    const made = await create()
    const first = await sendSigned(made, message, { id: 'msg_1' })
    expect(await sendSigned(made, message, { id: 'msg_1', at: seconds(60) })).toEqual({ ...first, created: false })
    const keyed = await create({ mapping: { input: { text: 'body.message' }, idempotencyKey: 'body.order' } })
    const second = await sendSigned(keyed)
    expect(second.created).toBe(true)
    expect(await sendSigned(keyed)).toEqual({ ...second, created: false })
    expect(await runs()).toHaveLength(2)
  })

  it.each<[string, (made: Made) => Record<string, string>, RegExp]>([
    ['nothing', () => ({}), /webhook-id is missing/],
    ['another secret', () => standard(`whsec_${Buffer.alloc(32).toString('base64')}`, message), /does not fit/],
    ['another body', ({ secret }) => standard(secret, '{"message":"other"}'), /does not fit/],
    ['an old time', ({ secret }) => standard(secret, message, { at: seconds(301) }), /older than five minutes/],
    ['a time to come', ({ secret }) => standard(secret, message, { at: seconds(-301) }), /clock is wrong/],
    ['no time', ({ secret }) => standard(secret, message, { at: 'soon' }), /not given in seconds/],
  ])('does not believe who signs with %s', async (_what, headersOf, expected) => {
    const made = await create()
    const answer = await send(made.address, message, headersOf(made))
    expect(answer).toMatchObject({ status: 401, errors: [{ message: expect.stringMatching(expected) }] })
    expect(await runs()).toEqual([])
    const [kept] = await deliveries(made)
    expect(kept).toMatchObject({ status: 'REFUSED', httpStatus: 401, request: null, fault: { code: 'UNAUTHENTICATED' } })
    await expect(service().redeliver(kept!.id)).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })

  it('knows the signatures of GitHub and Stripe', async () => {
    const github = await create({ signatureForm: SignatureForm.HEX, secret: 'a secret'.repeat(3).replaceAll(' ', '-') })
    const signed = { 'x-hub-signature-256': `sha256=${hex(github.secret, message)}` }
    const first = await send(github.address, message, signed)
    expect(first).toMatchObject({ status: 202, created: true })
    expect(await send(github.address, message, signed)).toEqual({ ...first, created: false })
    expect(await send(github.address, message, { 'x-hub-signature-256': `sha256=${hex('x', message)}` })).toMatchObject({
      status: 401,
    })

    const stripe = await create({ signatureForm: SignatureForm.TIMESTAMPED_HEX })
    const at = (time: string) => ({ 'stripe-signature': `t=${time},v1=${hex(stripe.secret, `${time}.${message}`)},v0=ab` })
    expect(await send(stripe.address, message, at(seconds()))).toMatchObject({ status: 202, created: true })
    expect(await send(stripe.address, message, at(seconds(600)))).toMatchObject({ status: 401 })
  })

  it('is answered alike where it is not, is off or was deleted', async () => {
    const made = await create()
    await service().update({ id: made.trigger.id, enabled: false })
    const gone = await create()
    await service().remove(gone.trigger.id)
    const nowhere = [`${base}/hooks/in/${'x'.repeat(32)}`, `${base}/hooks/in/short`, made.address, gone.address]
    for (const address of nowhere) expect(await send(address, message)).toEqual({ status: 404, ...NOT_THERE })
  })

  it('takes 256 KB of JSON or of a form, and keeps what it refused', async () => {
    const made = await create({ requireSignature: false })
    const fitting = JSON.stringify({ message: 'short', more: 'x'.repeat(250_000) })
    expect(await send(made.address, fitting)).toMatchObject({ status: 202 })
    expect(await send(made.address, JSON.stringify({ message: 'x'.repeat(270_000) }))).toMatchObject({ status: 413 })
    expect(await send(made.address, 'text', { 'content-type': 'text/plain' })).toMatchObject({ status: 415 })
    expect(await send(made.address, '{"message":')).toMatchObject({ status: 400 })
    const form = { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' }
    expect(await send(made.address, 'message=from+a+form', form)).toMatchObject({ status: 202 })
    expect((await runs()).at(-1)!.input).toEqual({ text: 'from a form' })
    const kept = (await deliveries(made)).map(({ status, httpStatus }) => [status, httpStatus])
    expect(kept).toEqual([
      ['ACCEPTED', 202],
      ['REFUSED', 400],
      ['REFUSED', 415],
      ['REFUSED', 413],
      ['ACCEPTED', 202],
    ])
  })

  it('keeps what started nothing, and tries it again once it is put right', async () => {
    const made = await create({ mapping: { input: { text: 'body.text' } } })
    expect(await sendSigned(made)).toMatchObject({
      status: 400,
      errors: [{ extensions: { code: 'BAD_USER_INPUT', fields: [{ path: 'mapping.input.text' }] } }],
    })
    const [failed] = await deliveries(made)
    expect(failed).toMatchObject({ status: 'FAILED', request: { body: JSON.parse(message) } })
    await service().update({ id: made.trigger.id, mapping: { input: { text: 'body.message' } } })
    const again = await service().redeliver(failed!.id)
    expect(again).toMatchObject({ status: 'ACCEPTED', createdRun: true })
    expect(await service().redeliver(failed!.id)).toMatchObject({ runId: again.runId, createdRun: false })
    await expect(service().redeliver(again.id)).rejects.toMatchObject({ code: 'CONFLICT' })
    expect(await runs()).toHaveLength(1)
  })

  it('forgets what was sent after 30 days', async () => {
    const made = await create()
    await sendSigned(made)
    await sendSigned(made)
    await bed.superuser.query(
      `update workflow.webhook_deliveries set received_at = now() - interval '31 days' where id = (select id from workflow.webhook_deliveries order by id limit 1)`,
    )
    await forgetDeliveries(bed)
    expect(await deliveries(made)).toHaveLength(1)
    expect(await runs()).toHaveLength(2)
  })

  it('changes its secret, the former one holding for a while, or at once with its address', async () => {
    const made = await create()
    const next = await service().rotate({ id: made.trigger.id, overlapHours: 1, newAddress: false })
    expect(next).toMatchObject({ address: null })
    expect(await sendSigned(made)).toMatchObject({ status: 202 })
    expect(await sendSigned({ ...made, secret: next.secret })).toMatchObject({ status: 202 })
    const last = await service().rotate({ id: made.trigger.id, overlapHours: 0, newAddress: true })
    expect(await sendSigned({ ...made, secret: last.secret })).toMatchObject({ status: 404 })
    expect(await sendSigned({ address: last.address!, secret: next.secret })).toMatchObject({ status: 401 })
    expect(await sendSigned({ address: last.address!, secret: last.secret })).toMatchObject({ status: 202 })
  })

  it('keeps working when the encryption key is rotated: its secret goes under the new one', async () => {
    const made = await create()
    const { keys } = JSON.parse(KEYS) as { keys: Record<string, string> }
    const text = JSON.stringify({ current: 'k2', keys: { ...keys, k2: Buffer.alloc(32, 7).toString('base64') } })
    const ownerUrl = bed.database.url('workflow_owner')
    const rotated = new Envelope(new KeyFileProvider({ text }))
    expect(await rotateCredentials({ ownerUrl, envelope: rotated, currentKeyId: 'k2' })).toBe(1)
    expect(await keysInUse(ownerUrl)).toEqual(new Map([['k2', 1]]))
    const later = new WebhookIntake({ orm: bed.orm, notifier: bed.notifier, log, envelope: rotated })
    const key = await later.find(made.address.split('/').at(-1)!)
    const headers = { 'content-type': 'application/json', ...standard(made.secret, message) }
    expect(await later.receive(key!, { headers, body: Buffer.from(message), query: {} })).toMatchObject({ status: 'ACCEPTED' })
  })

  it('is refused when it cannot work, and is nobody else’s', async () => {
    const refused = (over: object, path: string) =>
      expect(create(over)).rejects.toMatchObject({ extensions: { fields: [{ path }] } })
    await refused({ mapping: { input: { text: 'run.id' } } }, 'mapping.input.text')
    await refused({ signatureForm: SignatureForm.HEX, signatureHeader: 'Signature' }, 'signatureHeader')
    await refused({ secret: 'too short' }, 'secret')
    const { trigger } = await create()
    const stranger = service(randomUUID())
    expect(await stranger.list()).toEqual([])
    await expect(stranger.remove(trigger.id)).rejects.toMatchObject({ code: 'NOT_FOUND' })
    await expect(stranger.rotate({ id: trigger.id, overlapHours: 0, newAddress: false })).rejects.toMatchObject({
      code: 'NOT_FOUND',
    })
  })
})
