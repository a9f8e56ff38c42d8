import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import { createHmac } from 'node:crypto'
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createEgress, type Egress } from '@signalbox/shared/egress'
import { Envelope } from '@signalbox/shared/encryption/envelope'
import { KeyFileProvider } from '@signalbox/shared/encryption/key-file'
import { ask, asking } from '../testing/review-bed.ts'
import { log, testKeys, viewerOf, WorkflowTestbed } from '../testing/testkit.ts'
import { reviewDeliveries } from './review-deliveries.ts'
import { ReviewSecretService } from './review-secret.service.ts'
import { ReviewAction } from './review.entity.ts'

describe('a decision on its way to n8n', () => {
  let bed: WorkflowTestbed
  let server: Server
  let egress: Egress
  let statuses: number[]
  const received: { headers: IncomingHttpHeaders; body: string }[] = []
  const envelope = new Envelope(new KeyFileProvider({ text: testKeys() }))

  beforeAll(async () => {
    bed = await WorkflowTestbed.create()
    bed.engine()
    await bed.publish(asking({ notify: { n8n: true } }))
    server = createServer((request, response) => {
      let body = ''
      request.on('data', (part: Buffer) => (body += part.toString()))
      request.on('end', () => {
        received.push({ headers: request.headers, body })
        response.writeHead(statuses.shift() ?? 200).end()
      })
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    egress = createEgress({ trustedOrigins: [origin()] })
  })
  afterEach(() => void received.splice(0))
  afterAll(async () => {
    await egress[Symbol.asyncDispose]()
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
    await bed[Symbol.asyncDispose]()
  })

  const origin = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const send = (way = egress) =>
    reviewDeliveries({ orm: bed.orm, pool: bed.pool, notifier: bed.notifier, envelope, egress: way, log }, 1_000).run()
  const owner = () => bed.as(viewerOf(bed.organizationId))
  async function decided(resumeUrl = `${origin()}/webhook-waiting/17?signature=abc`) {
    const { key, review, runId } = await ask(bed, { n8n: { resumeUrl } })
    await owner().reviews.decide({ ...key, action: ReviewAction.EDIT, value: { amount: 3 } })
    const state = async () => (await owner().reviewTrail.deliveriesOf(review.id))!
    const comeDue = () =>
      bed.superuser.query('update workflow.review_deliveries set due_at = now() where review_id = $1', [review.id])
    return { review, runId, state, comeDue }
  }

  it('is signed, and sent again until it was taken; 409 says that it was', async () => {
    const { tenant, audit } = owner()
    const secret = await new ReviewSecretService(tenant, envelope, audit).rotate(bed.organizationId)
    const { review, runId, state, comeDue } = await decided()
    statuses = [503, 409]
    // Two workers look at once.
    await Promise.all([send(), send()])
    expect(received).toHaveLength(1)
    expect(await state()).toMatchObject([
      { status: 'PENDING', attempts: 1, httpStatus: 503, fault: 'It answered 503.', host: new URL(origin()).host },
    ])
    await send()
    expect(received).toHaveLength(1)
    await comeDue()
    await send()
    expect(await state()).toMatchObject([{ status: 'DELIVERED', attempts: 2, httpStatus: 409, nextAt: null }])
    await comeDue()
    await send()
    expect(received).toHaveLength(2)

    const [first, second] = received
    const { 'webhook-id': id, 'webhook-timestamp': at, 'webhook-signature': signature } = first!.headers
    const key = Buffer.from(secret.slice('whsec_'.length), 'base64')
    expect(signature).toBe(
      `v1,${createHmac('sha256', key)
        .update(`${id as string}.${at as string}.${first!.body}`)
        .digest('base64')}`,
    )
    expect(Math.abs(Number(at) - Date.now() / 1_000)).toBeLessThan(60)
    expect([second!.headers['webhook-id'], second!.body]).toEqual([id, first!.body])
    expect(JSON.parse(first!.body)).toMatchObject({
      type: 'review.decided',
      data: {
        reviewId: review.id,
        runId,
        status: 'DECIDED',
        action: 'EDIT',
        value: { amount: 3 },
        final: { amount: 3, payee: 'Ada' },
      },
    })
  })

  it('is given up where nobody waits, and where the address is not let out', async () => {
    const gone = await decided()
    statuses = [404]
    await send()
    expect(await gone.state()).toMatchObject([{ status: 'FAILED', httpStatus: 404 }])
    const inside = await decided()
    await send(createEgress())
    expect(await inside.state()).toMatchObject([{ status: 'FAILED', fault: expect.stringMatching(/not called/) }])
    expect(received).toHaveLength(1)
  })

  it('lets n8n go when the run is cancelled', async () => {
    const { runId } = await ask(bed, { resumeUrl: `${origin()}/webhook-waiting/18` })
    await owner().runs.cancel(runId, null)
    statuses = [200]
    await send()
    expect(received.map(({ body }) => JSON.parse(body) as unknown)).toMatchObject([
      { type: 'review.withdrawn', data: { runId, status: 'WITHDRAWN', action: null, final: null } },
    ])
  })

  it('is not there where the run brought no address', async () => {
    const { state } = await decided('none')
    expect(await state()).toBeUndefined()
  })
})
