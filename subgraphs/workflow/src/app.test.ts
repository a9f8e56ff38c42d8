import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import { startApp } from './app.ts'
import { readApiEnv } from './env.ts'
import { TcpProxy } from './testing/tcp-proxy.ts'
import { eventually, log, testKeys, WorkflowTestbed } from './testing/testkit.ts'

const ISSUER = 'http://127.0.0.1:1/oidc'

describe('the API process', () => {
  let bed: WorkflowTestbed
  let proxy: TcpProxy
  let jwks: Server
  let app: Awaited<ReturnType<typeof startApp>>
  let token: string

  beforeAll(async () => {
    bed = await WorkflowTestbed.create()
    proxy = await TcpProxy.to(bed.database.url('workflow_app'))
    const { publicKey, privateKey } = await generateKeyPair('ES256')
    const keys = [{ ...(await exportJWK(publicKey)), kid: 'one', alg: 'ES256' }]
    jwks = createServer((_request, response) =>
      response.setHeader('content-type', 'application/json').end(JSON.stringify({ keys })),
    )
    await new Promise<void>((resolve) => jwks.listen(0, '127.0.0.1', resolve))
    token = await new SignJWT({
      org: bed.organizationId,
      orgs: [bed.organizationId],
      scope: 'wrm:read wrm:write',
      kind: 'SERVICE_CLIENT',
      jti: 'x',
    })
      .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid: 'one' })
      .setSubject('client')
      .setIssuer(ISSUER)
      .setAudience('urn:signalbox:api')
      .setIssuedAt()
      .setExpirationTime('5m')
      .sign(privateKey)
    app = await startApp(envOf(proxy.through(bed.database.url('workflow_app'))), log)
  })
  afterAll(async () => {
    await app[Symbol.asyncDispose]()
    await proxy[Symbol.asyncDispose]()
    jwks.closeAllConnections()
    jwks.close()
    await bed[Symbol.asyncDispose]()
  })

  const envOf = (databaseUrl: string) =>
    readApiEnv({
      NODE_ENV: 'test',
      PORT: '0',
      PUBLIC_URL: 'http://127.0.0.1:1',
      ISSUER,
      JWKS_URL: `http://127.0.0.1:${(jwks.address() as AddressInfo).port}/`,
      DATABASE_URL: databaseUrl,
      // Nobody listens there.
      KNOWLEDGE_DATABASE_URL: 'postgresql://nobody:x@127.0.0.1:1/none',
      S3_ENDPOINT: 'http://127.0.0.1:1',
      S3_ACCESS_KEY: 'x',
      S3_SECRET_KEY: 'x',
      ENCRYPTION_KEYS: testKeys(),
    })

  const ready = async () =>
    (await (await fetch(`${app.address}/ready`)).json()) as { status: string; parts: Record<string, string> }
  const ask = async (query: string, authorization?: string) => {
    const headers = { 'content-type': 'application/json', ...(authorization === undefined ? {} : { authorization }) }
    const response = await fetch(`${app.address}/graphql`, { method: 'POST', headers, body: JSON.stringify({ query }) })
    return (await response.json()) as { data?: Record<string, never>; errors?: { extensions: { code: string } }[] }
  }

  it('starts without its stores, names what is down, and goes on once they are there', async () => {
    expect(await ready()).toEqual({
      status: 'degraded',
      parts: { database: 'down', knowledge: 'down', objects: 'down' },
    })
    const down = await ask('{ runs { totalCount } }', `Bearer ${token}`)
    expect(down.errors![0]!.extensions.code).toBe('UNAVAILABLE')
    await proxy.mend()
    await eventually(async () => expect((await ready()).parts).toMatchObject({ database: 'ok', knowledge: 'down' }))
    const start = 'mutation { startRun(input: { workflow: "support-triage", input: { text: "hello" } }) { created } }'
    expect(await ask(start, `Bearer ${token}`)).toEqual({ data: { startRun: { created: true } } })
    await proxy.cut()
    expect((await ask(start, `Bearer ${token}`)).errors![0]!.extensions.code).toBe('UNAVAILABLE')
    await proxy.mend()
    await eventually(async () => expect(await ask(start, `Bearer ${token}`)).toEqual({ data: { startRun: { created: true } } }))
  })

  it('lets nobody in without a token that holds', async () => {
    expect((await ask('{ runs { totalCount } }')).errors![0]!.extensions.code).toBe('UNAUTHENTICATED')
    expect((await ask('{ runs { totalCount } }', `Bearer ${token.slice(0, -4)}AAAA`)).errors![0]!.extensions.code).toBe(
      'UNAUTHENTICATED',
    )
  })
})
