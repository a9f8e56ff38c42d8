import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import { createEgress, type Egress } from '../egress.ts'

describe('a connection over TLS', () => {
  const directory = mkdtempSync(join(tmpdir(), 'signalbox-tls-'))
  const names: (string | undefined)[] = []
  const before = getCACertificates('default')
  const opened: Egress[] = []
  let server: Server
  let port: number

  beforeAll(async () => {
    const file = (name: string) => join(directory, name)
    const subject = ['-subj', '/CN=hooks.example', '-addext', 'subjectAltName=DNS:hooks.example', '-days', '2']
    const key = [
      '-x509',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:P-256',
      '-nodes',
      '-keyout',
      file('key'),
      '-out',
      file('cert'),
    ]
    execFileSync('openssl', ['req', ...key, ...subject], { stdio: 'ignore' })
    const cert = readFileSync(file('cert'), 'utf8')
    setDefaultCACertificates([...before, cert])
    server = createServer({ cert, key: readFileSync(file('key')) }, (request, response) => {
      names.push((request.socket as { servername?: string }).servername, request.headers.host)
      response.end('found')
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    ;({ port } = server.address() as AddressInfo)
  })
  afterAll(async () => {
    setDefaultCACertificates(before)
    await Promise.all(opened.map((egress) => egress[Symbol.asyncDispose]()))
    server.closeAllConnections()
    server.close()
    rmSync(directory, { recursive: true })
  })

  const fetchFrom = (host: string) => {
    const origin = `https://${host}:${port}`
    opened.push(createEgress({ trustedOrigins: [origin], resolve: async () => ['127.0.0.1'] }))
    return opened.at(-1)!.fetch(`${origin}/`)
  }

  it('goes to the checked address and asks for the name, which the certificate must have', async () => {
    expect((await fetchFrom('hooks.example')).text()).toBe('found')
    expect(names).toEqual(['hooks.example', `hooks.example:${port}`])
  })

  it('is refused when the certificate is for another name, or for none', async () => {
    names.length = 0
    for (const host of ['other.example', '127.0.0.1'])
      await expect(fetchFrom(host)).rejects.toMatchObject({
        code: 'UNREACHABLE',
        cause: { code: 'ERR_TLS_CERT_ALTNAME_INVALID' },
      })
    expect(names).toEqual([])
  })
})
