import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { createServer, type IncomingHttpHeaders, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib'
import { createEgress, type Egress } from '../egress.ts'
import { harmlessOnly } from './headers.ts'

describe('a request that is let out', () => {
  let servers: Server[] = []
  let egress: Egress | undefined

  async function listen(answer: RequestListener): Promise<string> {
    const server = createServer(answer)
    servers.push(server)
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  }
  const trusting = (...trustedOrigins: string[]) => (egress = createEgress({ trustedOrigins }))

  beforeEach(() => {
    servers = []
  })
  afterEach(async () => {
    await egress?.[Symbol.asyncDispose]()
    for (const server of servers) {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    }
  })

  it('brings the method, the headers and the body there, and the answer back', async () => {
    const seen: unknown[] = []
    const origin = await listen((request, response) => {
      let body = ''
      request.on('data', (part: Buffer) => (body += part.toString()))
      request.on('end', () => {
        const { host, authorization, 'content-type': type, 'content-length': length, 'user-agent': agent } = request.headers
        seen.push({ method: request.method, url: request.url, host, authorization, type, length, agent, body })
        response.writeHead(201, { 'x-tag': ['a', 'b'] }).end('{"ok":"ü"}')
      })
    })
    const response = await trusting(origin).fetch(`${origin}/hook?a=b%20c#part`, {
      method: 'POST',
      headers: { authorization: 'Bearer t', 'content-type': 'application/json' },
      body: '{"ü":1}',
    })
    expect(seen).toEqual([
      {
        method: 'POST',
        url: '/hook?a=b%20c',
        host: new URL(origin).host,
        authorization: 'Bearer t',
        type: 'application/json',
        length: '8',
        agent: 'Signalbox',
        body: '{"ü":1}',
      },
    ])
    expect(response).toMatchObject({ url: `${origin}/hook?a=b%20c`, status: 201, ok: true })
    expect(response.headers['x-tag']).toBe('a, b')
    expect(response.json()).toEqual({ ok: 'ü' })
  })

  it('is sent to the checked address under its own name', async () => {
    const hosts: (string | undefined)[] = []
    const origin = await listen((request, response) => {
      hosts.push(request.headers.host)
      response.end('found')
    })
    const named = `http://n8n.example:${new URL(origin).port}`
    const asked: string[] = []
    egress = createEgress({
      trustedOrigins: [named],
      resolve: async (name) => {
        asked.push(name)
        return ['127.0.0.1']
      },
    })
    expect((await egress.fetch(`${named}/`)).text()).toBe('found')
    expect((await egress.fetch(`${named}/`)).text()).toBe('found')
    expect(hosts).toEqual([new URL(named).host, new URL(named).host])
    expect(new Set(asked)).toEqual(new Set(['n8n.example']))
  })

  it('reaches the second address of a name when the first does not answer', async () => {
    const origin = await listen((_request, response) => response.end('found'))
    const named = `http://n8n.example:${new URL(origin).port}`
    egress = createEgress({ trustedOrigins: [named], resolve: async () => ['127.0.0.2', '127.0.0.1'] })
    expect((await egress.fetch(`${named}/`)).text()).toBe('found')
  })

  it('follows a redirect within its origin with all of its headers, and turns a POST into a GET where the standard does', async () => {
    const seen: [string | undefined, string | undefined, IncomingHttpHeaders][] = []
    const origin = await listen((request, response) => {
      seen.push([request.method, request.url, request.headers])
      const status = Number(request.url!.slice(1))
      if (request.url === '/end') response.end()
      else response.writeHead(status, { location: '/end' }).end()
    })
    for (const [status, method] of [
      [301, 'GET'],
      [302, 'GET'],
      [303, 'GET'],
      [307, 'POST'],
      [308, 'POST'],
    ] as const) {
      await trusting(origin).fetch(`${origin}/${status}`, {
        method: 'POST',
        body: 'x',
        headers: { authorization: 'Bearer t', 'content-type': 'text/plain' },
      })
      const [last, path, headers] = seen.at(-1)!
      expect([last, path]).toEqual([method, '/end'])
      expect(headers.authorization).toBe('Bearer t')
      expect(headers['content-type']).toBe(method === 'GET' ? undefined : 'text/plain')
    }
  })

  it('leaves everything that may be a credential behind when it is redirected to another origin', () => {
    const headers = { authorization: 'Bearer t', cookie: 'a=b', 'x-api-key': 'k', accept: '*/*', 'user-agent': 'Signalbox' }
    expect(harmlessOnly(headers)).toEqual({ accept: '*/*', 'user-agent': 'Signalbox' })
  })

  it('gives a redirect as it is to who does not want to follow any', async () => {
    const origin = await listen((_request, response) => response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end())
    expect(await trusting(origin).fetch(`${origin}/`, { maxRedirects: 0 })).toMatchObject({ status: 302, ok: false })
  })

  it('gives the body in pieces as they come, with the status, and a packed one as a whole', async () => {
    let goOn = () => {}
    const codings: unknown[] = []
    const origin = await listen((request, response) => {
      codings.push(request.headers['accept-encoding'])
      if (request.url === '/packed') response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync('abc'))
      else response.writeHead(503).write('a')
      goOn = () => response.end('b')
    })
    const parts: string[] = []
    const onPart = (part: Buffer, { status }: { status: number }) => {
      parts.push(`${status} ${part.toString()}`)
      goOn()
    }
    expect((await trusting(origin).fetch(`${origin}/`, { onPart })).text()).toBe('ab')
    expect((await trusting(origin).fetch(`${origin}/packed`, { onPart })).text()).toBe('abc')
    expect(parts).toEqual(['503 a', '503 b', '200 abc'])
    expect(codings).toEqual(['identity', 'identity'])
    const onPartFails = () => {
      throw new Error('enough')
    }
    const failing = trusting(origin).fetch(`${origin}/packed`, { onPart: onPartFails })
    await expect(failing).rejects.toMatchObject({ name: 'EgressFailedError' })
  })

  it('reads gzip, deflate and brotli', async () => {
    const text = 'a'.repeat(5_000)
    const encoded: Record<string, Buffer> = { gzip: gzipSync(text), deflate: deflateSync(text), br: brotliCompressSync(text) }
    const origin = await listen((request, response) => {
      const coding = request.url!.slice(1)
      response.writeHead(200, { 'content-encoding': coding }).end(encoded[coding])
    })
    for (const coding of Object.keys(encoded)) expect((await trusting(origin).fetch(`${origin}/${coding}`)).text()).toBe(text)
  })

  it('refuses an answer that is too large: announced, sent or unpacked', async () => {
    let sent = 0
    const origin = await listen((request, response) => {
      if (request.url === '/announced') response.writeHead(200, { 'content-length': '99999999999' }).flushHeaders()
      if (request.url === '/bomb')
        response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(Buffer.alloc(50 * 1024 * 1024)))
      if (request.url === '/headers') response.writeHead(200, { 'x-large': 'x'.repeat(20_000) }).end()
      if (request.url === '/endless') {
        const more = () => {
          if (response.destroyed) return
          sent += 65_536
          if (response.write(Buffer.alloc(65_536))) setImmediate(more)
          else response.once('drain', more)
        }
        more()
      }
    })
    for (const path of ['/announced', '/endless', '/bomb', '/headers'])
      await expect(trusting(origin).fetch(origin + path, { maxBytes: 100_000 })).rejects.toMatchObject({
        name: 'EgressRefusedError',
        code: 'RESPONSE_TOO_LARGE',
      })
    expect(sent).toBeLessThan(20_000_000)
  })

  it('refuses an encoding that is unknown, doubled or broken', async () => {
    const origin = await listen((request, response) => {
      response.writeHead(200, { 'content-encoding': decodeURIComponent(request.url!.slice(1)) }).end('not encoded')
    })
    for (const coding of ['zstd', 'gzip, gzip', 'gzip', 'br', 'compress'])
      await expect(trusting(origin).fetch(`${origin}/${encodeURIComponent(coding)}`)).rejects.toMatchObject({
        code: 'ENCODING_REFUSED',
      })
  })

  it('waits no longer than it was told: for headers, for a body, for the next byte', async () => {
    const origin = await listen((request, response) => {
      if (request.url === '/headers') return
      response.writeHead(200)
      response.write('a')
      if (request.url === '/drip') {
        const timer = setInterval(() => response.write('a'), 10)
        response.on('close', () => clearInterval(timer))
      }
    })
    for (const path of ['/headers', '/drip', '/body'])
      await expect(trusting(origin).fetch(origin + path, { timeoutMs: 80 })).rejects.toMatchObject({
        name: 'EgressFailedError',
        code: 'TIMEOUT',
        message: 'There was no complete answer within 80 ms.',
        retryable: true,
      })
    for (const path of ['/headers', '/body'])
      await expect(trusting(origin).fetch(origin + path, { idleMs: 80 })).rejects.toMatchObject({
        code: 'TIMEOUT',
        message: 'The host did not answer in time.',
      })
  })

  it('waits no longer for a name that is never resolved', async () => {
    egress = createEgress({ resolve: () => new Promise(() => {}) })
    await expect(egress.fetch('https://slow.example/', { timeoutMs: 50 })).rejects.toMatchObject({ code: 'TIMEOUT' })
  })

  it('says that a host cannot be reached, and names no address', async () => {
    const closed = await listen(() => {})
    await new Promise((resolve) => servers.pop()!.close(resolve))
    await expect(trusting(closed).fetch(`${closed}/`)).rejects.toMatchObject({
      name: 'EgressFailedError',
      code: 'UNREACHABLE',
      message: 'The host could not be reached.',
    })
    egress = createEgress({ resolve: () => Promise.reject(new Error('ENOTFOUND')) })
    await expect(egress.fetch('https://nowhere.example/')).rejects.toMatchObject({ code: 'UNREACHABLE' })
  })

  it('ends when its caller gives up', async () => {
    const origin = await listen(() => {})
    const caller = new AbortController()
    const call = trusting(origin).fetch(`${origin}/`, { signal: caller.signal })
    caller.abort()
    await expect(call).rejects.toMatchObject({ code: 'ABORTED' })
  })
})
