import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createEgress, type Egress, type EgressPolicy } from '../egress.ts'
import { Canary } from './canary.ts'

/** Everything here leads to the canary on the loopback addresses, were it let out. */
describe('what the egress guard refuses', () => {
  let canary: Canary
  let server: Server
  let origin: string
  let answer: RequestListener = (_request, response) => response.end()
  const opened: Egress[] = []
  const egressOf = (policy: EgressPolicy = {}) => {
    opened.push(createEgress(policy))
    return opened.at(-1)!
  }
  /** As loose as a policy can be: only the address is left to refuse. */
  const loose = (resolve?: EgressPolicy['resolve']): EgressPolicy => ({
    schemes: ['http:', 'https:'],
    ports: [canary.port, 80, 443],
    ...(resolve && { resolve }),
  })

  beforeAll(async () => {
    canary = await Canary.listen()
    server = createServer((request, response) => answer(request, response))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  })

  afterAll(async () => {
    expect(canary.connections).toBe(0)
    await Promise.all(opened.map((egress) => egress[Symbol.asyncDispose]()))
    await canary[Symbol.asyncDispose]()
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })

  const refused = (code: string) => ({ name: 'EgressRefusedError', code, retryable: false })
  const CANARY_HOSTS = `
    127.0.0.1 127.1 127.0.1 2130706433 0x7f000001 0x7f.0.0.1 0177.0.0.1 017700000001 0x7f.1 00000177.00.00.01 127.0.0.1. 127.255.255.254 0 0.0.0.0
    １２７.０.０.１ 127。0。0。1 ①②⑦.0.0.1 %31%32%37.0.0.1
    [::1] [0:0:0:0:0:0:0:1] [::ffff:127.0.0.1] [::ffff:7f00:1] [::127.0.0.1] [::] [64:ff9b::127.0.0.1] [2002:7f00:1::] [::ffff:0:127.0.0.1]
  `
    .trim()
    .split(/\s+/)

  it.each(CANARY_HOSTS)('a literal that leads to this machine: %s', async (host) => {
    const call = egressOf(loose()).fetch(`http://${host}:${canary.port}/`)
    await expect(call).rejects.toMatchObject(refused('ADDRESS_REFUSED'))
  })

  it.each([
    '169.254.169.254',
    '10.0.0.1',
    '192.168.1.1',
    '100.100.100.200',
    '[fd00:ec2::254]',
    '[fe80::1]',
    '[fec0::1]',
    '[ff02::1]',
  ])('a literal of a closed range: %s', async (host) => {
    await expect(egressOf().fetch(`https://${host}/`)).rejects.toMatchObject(refused('ADDRESS_REFUSED'))
  })

  it.each(['localhost', 'localhost.', 'LOCALHOST', 'hooks.example.com', 'xn--lcalhost-54a.example'])(
    'a name that leads to this machine: %s',
    async (host) => {
      for (const address of ['127.0.0.1', '::1', '::ffff:127.0.0.1', 'fe80::1%lo']) {
        const egress = egressOf(loose(async () => [address]))
        await expect(egress.fetch(`http://${host}:${canary.port}/`)).rejects.toMatchObject(refused('ADDRESS_REFUSED'))
      }
    },
  )

  it('a name with one public and one private address, whichever comes first', async () => {
    for (const addresses of [
      ['93.184.216.34', '127.0.0.1'],
      ['127.0.0.1', '93.184.216.34'],
      ['2606:2800:220:1::1', '::1'],
    ]) {
      const egress = egressOf(loose(async () => addresses))
      await expect(egress.fetch(`http://hooks.example.com:${canary.port}/`)).rejects.toMatchObject(refused('ADDRESS_REFUSED'))
    }
  })

  it('a name whose second answer is private: each connection is checked by the answer that it goes to', async () => {
    const asked: string[] = []
    const answers = [['93.184.216.34', '10.0.0.1'], ['127.0.0.1']]
    const egress = egressOf(
      loose(async (name) => {
        asked.push(name)
        return answers.shift() ?? ['127.0.0.1']
      }),
    )
    for (const times of [1, 2]) {
      await expect(egress.fetch(`http://rebind.example:${canary.port}/`)).rejects.toMatchObject(refused('ADDRESS_REFUSED'))
      expect(asked).toHaveLength(times)
    }
  })

  it.each([
    ['file:///etc/passwd', 'SCHEME_REFUSED'],
    ['gopher://127.0.0.1:6379/_FLUSHALL', 'SCHEME_REFUSED'],
    ['data:text/plain,hello', 'SCHEME_REFUSED'],
    ['ftp://example.com/', 'SCHEME_REFUSED'],
    ['dict://127.0.0.1:11211/', 'SCHEME_REFUSED'],
    ['javascript:alert(1)', 'SCHEME_REFUSED'],
    ['http://example.com/', 'SCHEME_REFUSED'],
    ['ws://example.com/', 'SCHEME_REFUSED'],
    ['https://example.com:22/', 'PORT_REFUSED'],
    ['https://example.com:25/', 'PORT_REFUSED'],
    ['https://example.com:6379/', 'PORT_REFUSED'],
    ['https://example.com:80/', 'PORT_REFUSED'],
    ['https://user:secret@example.com/', 'CREDENTIALS_IN_URL'],
    ['https://example.com@127.0.0.1/', 'CREDENTIALS_IN_URL'],
    ['https://example.com%40127.0.0.1/', 'URL_MALFORMED'],
    ['https://example.com\\@127.0.0.1/', 'URL_MALFORMED'],
    ['https:\\\\127.0.0.1/', 'URL_MALFORMED'],
    ['https://127.0.\t0.1/', 'URL_MALFORMED'],
    ['https://127.0.0.1\n/', 'URL_MALFORMED'],
    ['https://example.com/\r\nHost: evil', 'URL_MALFORMED'],
    [' https://example.com/', 'URL_MALFORMED'],
    ['https://exam\u0000ple.com/', 'URL_MALFORMED'],
    ['https://[fe80::1%25lo]/', 'URL_MALFORMED'],
    ['https://[::1', 'URL_MALFORMED'],
    ['https://127.0.0.256/', 'URL_MALFORMED'],
    ['https://127.0.0.1.0/', 'URL_MALFORMED'],
    ['//example.com/', 'URL_MALFORMED'],
    ['example.com', 'URL_MALFORMED'],
    ['https://', 'URL_MALFORMED'],
    ['', 'URL_MALFORMED'],
  ])('the address %j', async (address, code) => {
    await expect(egressOf().fetch(address)).rejects.toMatchObject(refused(code))
  })

  it('a host outside of the list of allowed ones, however it is dressed', async () => {
    const egress = egressOf({ hosts: ['api.example.com', '*.hooks.example'], resolve: async () => ['127.0.0.1'] })
    for (const host of ['example.com', 'api.example.com.evil.com', 'xapi.example.com', 'hooks.example', 'evilhooks.example'])
      await expect(egress.fetch(`https://${host}/`)).rejects.toMatchObject(refused('HOST_REFUSED'))
    for (const host of ['api.example.com', 'API.EXAMPLE.COM', 'api.example.com.', 'a.hooks.example'])
      await expect(egress.fetch(`https://${host}/`)).rejects.toMatchObject(refused('ADDRESS_REFUSED'))
  })

  it('a trusted origin’s neighbours: another port, scheme or host', async () => {
    const egress = egressOf({ trustedOrigins: [origin] })
    const { port } = new URL(origin)
    await expect(egress.fetch(`${origin}/`)).resolves.toMatchObject({ status: 200 })
    await expect(egress.fetch(`http://127.0.0.1:${canary.port}/`)).rejects.toMatchObject(refused('SCHEME_REFUSED'))
    await expect(egress.fetch(`https://127.0.0.1:${port}/`)).rejects.toMatchObject(refused('PORT_REFUSED'))
    await expect(egress.fetch(`http://127.0.0.2:${port}/`)).rejects.toMatchObject(refused('SCHEME_REFUSED'))
    await expect(egress.fetch('https://127.0.0.1/')).rejects.toMatchObject(refused('ADDRESS_REFUSED'))
  })

  it('a redirect to a closed address, another scheme or port, or with a password', async () => {
    for (const [location, code] of [
      [`http://127.0.0.1:${canary.port}/`, 'ADDRESS_REFUSED'],
      [`http://[::1]:${canary.port}/`, 'ADDRESS_REFUSED'],
      [`http://2130706433:${canary.port}/`, 'ADDRESS_REFUSED'],
      [`//localhost:${canary.port}/`, 'ADDRESS_REFUSED'],
      ['file:///etc/passwd', 'SCHEME_REFUSED'],
      ['gopher://127.0.0.1/', 'SCHEME_REFUSED'],
      ['http://example.com:22/', 'PORT_REFUSED'],
      ['http://a:b@example.com/', 'CREDENTIALS_IN_URL'],
      ['http://[::1', 'URL_MALFORMED'],
    ] as const) {
      answer = (_request, response) => response.writeHead(302, { location }).end()
      const egress = egressOf({ ...loose(async () => ['127.0.0.1']), trustedOrigins: [origin] })
      await expect(egress.fetch(`${origin}/`)).rejects.toMatchObject(refused(code))
    }
  })

  it('a redirect into an origin that is the operator’s own', async () => {
    answer = (_request, response) => response.writeHead(302, { location: `http://127.0.0.1:${canary.port}/internal` }).end()
    const egress = egressOf({ trustedOrigins: [origin, `http://127.0.0.1:${canary.port}`] })
    await expect(egress.fetch(`${origin}/`)).rejects.toMatchObject(refused('REDIRECT_REFUSED'))
  })

  it('a redirect that would carry the body to another host', async () => {
    answer = (_request, response) => response.writeHead(307, { location: 'https://example.com/' }).end()
    const egress = egressOf({ trustedOrigins: [origin], resolve: async () => ['127.0.0.1'] })
    const call = egress.fetch(`${origin}/`, { method: 'POST', body: 'secret' })
    await expect(call).rejects.toMatchObject(refused('REDIRECT_REFUSED'))
  })

  it('a redirect without end', async () => {
    let seen = 0
    answer = (_request, response) => {
      seen += 1
      response.writeHead(302, { location: '/again' }).end()
    }
    const egress = egressOf({ trustedOrigins: [origin] })
    await expect(egress.fetch(`${origin}/`)).rejects.toMatchObject(refused('TOO_MANY_REDIRECTS'))
    expect(seen).toBe(6)
  })

  it.each([
    [{ 'x-key': 'a\r\nhost: evil' }],
    [{ 'x-key\r\nhost': 'evil' }],
    [{ 'x key': 'a' }],
    [{ 'x-key': 'a\u0000' }],
    [{ 'x-key': '☃' }],
    [{ host: '127.0.0.1' }],
    [{ 'Content-Length': '0' }],
    [{ 'transfer-encoding': 'chunked' }],
    [{ connection: 'close' }],
    [{ 'proxy-authorization': 'Basic x' }],
    [{ upgrade: 'h2c' }],
    [{ 'X-A': '1', 'x-a': '2' }],
    [{ '': 'x' }],
  ])('the request header %j', async (headers) => {
    const call = egressOf({ trustedOrigins: [origin] }).fetch(`${origin}/`, {
      headers: headers as unknown as Record<string, string>,
    })
    await expect(call).rejects.toMatchObject(refused('HEADER_REFUSED'))
  })

  it('a method that opens a tunnel or echoes', async () => {
    for (const method of ['CONNECT', 'TRACE', 'GET / HTTP/1.1\r\nX:'])
      await expect(egressOf().fetch('https://example.com/', { method: method as never })).rejects.toMatchObject(
        refused('METHOD_REFUSED'),
      )
  })

  it('the way through a proxy that the environment names', async () => {
    const proxy = `http://127.0.0.1:${canary.port}`
    const names = ['HTTP_PROXY', 'HTTPS_PROXY', 'http_proxy', 'https_proxy', 'ALL_PROXY', 'NODE_USE_ENV_PROXY']
    for (const name of names) process.env[name] = name === 'NODE_USE_ENV_PROXY' ? '1' : proxy
    try {
      answer = (_request, response) => response.end('straight')
      const response = await egressOf({ trustedOrigins: [origin] }).fetch(`${origin}/`)
      expect(response.text()).toBe('straight')
    } finally {
      for (const name of names) delete process.env[name]
    }
  })
})
