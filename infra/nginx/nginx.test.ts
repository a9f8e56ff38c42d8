import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { createServer, request as httpRequest, type IncomingMessage, type RequestOptions, type Server } from 'node:http'
import { connect, type AddressInfo } from 'node:net'
import { freePort, hasNginx, Nginx } from '../testing/nginx.ts'

const describeWithNginx = hasNginx ? describe : describe.skip

interface Reply {
  status: number
  headers: IncomingMessage['headers']
  body: string
}

function ask(port: number, path: string, options: RequestOptions & { body?: string | Buffer } = {}): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const { body, ...rest } = options
    const request = httpRequest({ host: '127.0.0.1', port, path, ...rest }, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('end', () =>
        resolve({ status: response.statusCode!, headers: response.headers, body: Buffer.concat(chunks).toString() }),
      )
    })
    request.on('error', reject)
    request.end(body)
  })
}

const codeOf = ({ body, headers }: Reply) => {
  expect(headers['content-type']).toContain('application/json')
  return (JSON.parse(body) as { errors: { extensions: { code: string } }[] }).errors[0]!.extensions.code
}

describeWithNginx('the edge', () => {
  const seen: { path: string; method: string; headers: IncomingMessage['headers'] }[] = []
  let gateway: Server
  let nginx: Nginx
  let edge: number

  /** What stands behind the edge: answers what it was asked, and 418 of its own on /artifacts/own. */
  const startGateway = (port: number) =>
    new Promise<Server>((resolve) => {
      const server = createServer((request, response) => {
        seen.push({ path: request.url!, method: request.method!, headers: request.headers })
        request.resume().on('end', () => {
          response
            .writeHead(request.url === '/artifacts/own' ? 502 : 200, { 'content-type': 'application/json' })
            .end('{"from":"gateway"}')
        })
      })
      server.on('upgrade', (request, socket) => {
        socket.write(`HTTP/1.1 101 Switching Protocols\r\nupgrade: ${request.headers.upgrade}\r\nconnection: Upgrade\r\n\r\n`)
        socket.on('data', (chunk) => socket.write(`echo ${chunk.toString()}`)).on('end', () => socket.end())
      })
      server.listen(port, '127.0.0.1', () => resolve(server))
    })

  beforeAll(async () => {
    const port = await freePort()
    gateway = await startGateway(port)
    nginx = await Nginx.start({ gateway: port })
    edge = nginx.port
  })
  afterAll(async () => {
    await nginx[Symbol.asyncDispose]()
    gateway.closeAllConnections()
    await new Promise((resolve) => gateway.close(resolve))
  })

  it('passes the routes of the gateway on, with the address of the caller and no other', async () => {
    seen.length = 0
    const paths = [
      '/graphql',
      '/oidc/token',
      '/.well-known/openid-configuration',
      '/hooks/a',
      '/artifacts/a',
      '/health',
      '/ready',
      '/',
      '/runs/1',
    ]
    const forged = { 'x-forwarded-for': '6.6.6.6', 'x-real-ip': '6.6.6.6', host: 'signalbox.example' }
    for (const path of paths) expect((await ask(edge, path, { headers: forged })).status).toBe(200)
    expect(seen.map(({ path }) => path)).toEqual(paths)
    for (const { headers } of seen) {
      expect(headers).toMatchObject({
        'x-forwarded-for': '127.0.0.1',
        'x-real-ip': '127.0.0.1',
        'x-forwarded-proto': 'http',
        host: 'signalbox.example',
      })
      expect(headers['x-request-id']).toMatch(/^[0-9a-f]{32}$/)
    }
  })

  it('carries a WebSocket both ways', async () => {
    const socket = connect(edge, '127.0.0.1')
    const received = () => new Promise<string>((resolve) => socket.once('data', (chunk) => resolve(chunk.toString())))
    socket.write('GET /graphql HTTP/1.1\r\nhost: x\r\nupgrade: websocket\r\nconnection: Upgrade\r\n\r\n')
    expect(await received()).toMatch(/^HTTP\/1.1 101 /)
    socket.write('hello')
    expect(await received()).toBe('echo hello')
    socket.destroy()
  })

  it('refuses a body over the cap of its route, in JSON with errors', async () => {
    const post = (path: string, bytes: number) => ask(edge, path, { method: 'POST', body: Buffer.alloc(bytes) })
    expect((await post('/graphql', 1024 * 1024)).status).toBe(200)
    const refused = await post('/graphql', 1024 * 1024 + 1)
    expect([refused.status, codeOf(refused)]).toEqual([413, 'PAYLOAD_TOO_LARGE'])
    expect((await post('/oidc/token', 64 * 1024 + 1)).status).toBe(413)
    expect((await post('/artifacts/a', 2 * 1024 * 1024)).status).toBe(200)
  })

  it('lets the dashboard be read only', async () => {
    const refused = await ask(edge, '/runs', { method: 'POST' })
    expect([refused.status, codeOf(refused)]).toEqual([405, 'METHOD_NOT_ALLOWED'])
  })

  it('refuses a flood from one address with 429, when to come again, and JSON', async () => {
    const replies = await Promise.all(Array.from({ length: 80 }, () => ask(edge, '/oidc/token', { method: 'POST' })))
    const refused = replies.filter(({ status }) => status === 429)
    expect(refused.length).toBeGreaterThan(10)
    expect(codeOf(refused[0]!)).toBe('RATE_LIMITED')
    expect(refused[0]!.headers['retry-after']).toBe('1')
    expect(replies.some(({ status }) => status === 200)).toBe(true)
  })

  it("passes the gateway's own refusals on as they are", async () => {
    const own = await ask(edge, '/artifacts/own')
    expect([own.status, own.body]).toEqual([502, '{"from":"gateway"}'])
  })

  it('says in JSON that the gateway is away, and finds it again', async () => {
    const { port } = gateway.address() as AddressInfo
    gateway.closeAllConnections()
    await new Promise((resolve) => gateway.close(resolve))
    const away = await ask(edge, '/graphql', { method: 'POST' })
    expect([away.status, codeOf(away)]).toEqual([502, 'UNAVAILABLE'])
    gateway = await startGateway(port)
    expect((await ask(edge, '/graphql', { method: 'POST' })).status).toBe(200)
  })
})
