import { afterEach, describe, expect, it } from '@jest/globals'
import { createServer, type IncomingHttpHeaders, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createEgress } from '@signalbox/shared/egress'
import { callN8nWebhook } from './n8n-webhook.ts'

const NOBODY = 'http://127.0.0.1:1/x'
const to = (url: string) => createEgress({ trustedOrigins: [new URL(url).origin] })

describe('the n8n webhook', () => {
  let server: Server | undefined

  async function listen(handler: RequestListener): Promise<string> {
    server = createServer(handler)
    await new Promise<void>((resolve) => server!.listen(0, '127.0.0.1', resolve))
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}/webhook/triage`
  }

  afterEach(async () => {
    server?.closeAllConnections()
    await new Promise((resolve) => (server === undefined ? resolve(undefined) : server.close(resolve)))
    server = undefined
  })

  it('posts JSON with the idempotency key', async () => {
    const seen: { method: string | undefined; headers: IncomingHttpHeaders; body: string }[] = []
    const url = await listen((request, response) => {
      let body = ''
      request.on('data', (part: Buffer) => (body += part.toString()))
      request.on('end', () => {
        seen.push({ method: request.method, headers: request.headers, body })
        response.end('{"ok":true}')
      })
    })
    expect(await callN8nWebhook({ url, egress: to(url) }, { idempotencyKey: 'run-1:act', body: { intent: 'fees' } })).toEqual({
      status: 200,
    })
    expect(seen).toMatchObject([
      {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'idempotency-key': 'run-1:act' },
        body: '{"intent":"fees"}',
      },
    ])
  })

  it('counts 409 as done: the receiver has had it', async () => {
    const url = await listen((_request, response) => response.writeHead(409).end())
    expect(await callN8nWebhook({ url, egress: to(url) }, { idempotencyKey: 'k', body: {} })).toEqual({ status: 409 })
  })

  it('says which failures may pass', async () => {
    for (const [status, retryable] of [
      [500, true],
      [503, true],
      [429, true],
      [404, false],
      [401, false],
      [302, false],
    ] as const) {
      const url = await listen((_request, response) => response.writeHead(status, { location: 'http://127.0.0.1:1/' }).end())
      await expect(callN8nWebhook({ url, egress: to(url) }, { idempotencyKey: 'k', body: {} })).rejects.toMatchObject({
        name: 'WebhookError',
        status,
        retryable,
      })
      server!.closeAllConnections()
      server!.close()
    }
  })

  it('waits no longer than it was told, and names no address', async () => {
    const url = await listen(() => {})
    const call = callN8nWebhook({ url, egress: to(url), timeoutMs: 50 }, { idempotencyKey: 'k', body: {} })
    await expect(call).rejects.toMatchObject({ message: 'The webhook did not answer within 50 ms.', retryable: true })
    const refused = callN8nWebhook({ url: NOBODY, egress: to(NOBODY) }, { idempotencyKey: 'k', body: {} })
    await expect(refused).rejects.toMatchObject({ message: 'The webhook could not be reached.', retryable: true, status: null })
  })

  it('sends the header that n8n asks for, and reads nothing of a long answer', async () => {
    let header: unknown
    const url = await listen((request, response) => {
      header = request.headers['x-signalbox-key']
      response.write('the first bytes of an answer without end')
    })
    const config = { url, egress: to(url), header: { name: 'X-Signalbox-Key', value: 'v' } }
    expect(await callN8nWebhook(config, { idempotencyKey: 'k', body: {} })).toEqual({ status: 200 })
    expect(header).toBe('v')
  })

  it('is not called when its address is not let out, and trying again does not help', async () => {
    const call = callN8nWebhook({ url: 'http://127.0.0.1:5678/x', egress: createEgress() }, { idempotencyKey: 'k', body: {} })
    await expect(call).rejects.toMatchObject({
      name: 'WebhookError',
      message: 'The webhook was not called. The address must begin with https://.',
      retryable: false,
    })
  })
})
