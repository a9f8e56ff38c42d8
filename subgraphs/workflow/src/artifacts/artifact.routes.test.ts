import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { UnauthenticatedError } from '@signalbox/shared/errors'
import type { Viewer } from '@signalbox/shared/viewer'
import fastify, { type FastifyInstance } from 'fastify'
import { createHash, randomUUID } from 'node:crypto'
import { readdirSync } from 'node:fs'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import { log, viewerOf, WorkflowTestbed } from '../testing/testkit.ts'
import { ArtifactService } from './artifact.service.ts'
import { registerArtifactRoutes } from './artifact.routes.ts'
import { UPLOAD_LIMIT } from './artifact-upload.ts'
import { ObjectStore } from './object-store-testkit.ts'

describe('the files of runs', () => {
  const viewers = new Map<string, Viewer>()
  let bed: WorkflowTestbed
  let objects: ObjectStore
  let app: FastifyInstance
  let address: string
  let runId: string

  beforeAll(async () => {
    bed = await WorkflowTestbed.create()
    objects = await ObjectStore.start()
    runId = await bed.start('a run with files')
    viewers.set('owner', viewerOf(bed.organizationId))
    viewers.set('reader', viewerOf(bed.organizationId, { scopes: new Set(['wrm:read']) }))
    viewers.set('decider', viewerOf(bed.organizationId, { scopes: new Set(['hitl:decide']) }))
    viewers.set('stranger', viewerOf(randomUUID()))
    app = fastify({ forceCloseConnections: true })
    const store = objects.store()
    await registerArtifactRoutes(app, {
      verifyToken: async (authorization) => {
        if (authorization === undefined) return null
        const viewer = viewers.get(authorization.replace('Bearer ', ''))
        if (viewer === undefined) throw new UnauthenticatedError('The access token is not valid.')
        return viewer
      },
      artifactsOf: (viewer) => new ArtifactService(bed.as(viewer).tenant, store),
      log,
    })
    address = await app.listen({ host: '127.0.0.1', port: 0 })
  }, 60_000)

  afterAll(async () => {
    await app.close()
    await objects[Symbol.asyncDispose]()
    await bed[Symbol.asyncDispose]()
  })

  const service = () => new ArtifactService(bed.as().tenant, objects.store())
  const get = (id: string, as?: string) =>
    fetch(`${address}/artifacts/${id}`, { headers: as === undefined ? {} : { authorization: `Bearer ${as}` } })
  const upload = (query: string, body: string | Uint8Array<ArrayBuffer>, as = 'owner', type = 'text/plain') =>
    fetch(`${address}/artifacts?${query}`, {
      method: 'POST',
      body,
      headers: { authorization: `Bearer ${as}`, 'content-type': type },
    })
  /** A client that reads the answer while it still sends. */
  const send = (body: Buffer, headers: Record<string, string | number>) =>
    new Promise<{ status: number | undefined; body: string }>((resolve, reject) => {
      const client = request(`${address}/artifacts?runId=${runId}&name=large`, {
        method: 'POST',
        headers: { authorization: 'Bearer owner', ...headers },
      })
      client.on('response', (response) => {
        let text = ''
        response.on('data', (part: Buffer) => (text += part.toString()))
        response.on('end', () => (resolve({ status: response.statusCode, body: text }), client.destroy()))
      })
      client.on('error', reject)
      client.write(body)
    })
  const file = (name: string, text: string, mediaType = 'application/json') => ({ name, mediaType, body: Buffer.from(text) })

  it('stores the same file of a run once', async () => {
    const first = await service().put(bed.organizationId, runId, file('decision.json', '{"intent":"fees"}'))
    const again = await service().put(bed.organizationId, runId, file('decision.json', '{"intent":"fees"}'))
    const changed = await service().put(bed.organizationId, runId, file('decision.json', '{"intent":"card"}'))
    expect(again.id).toBe(first.id)
    expect(changed.id).not.toBe(first.id)
    expect(first).toMatchObject({ bytes: 17, mediaType: 'application/json', url: `/artifacts/${first.id}` })
    expect(first.objectKey).toBe(`${bed.organizationId}/${createHash('sha256').update('{"intent":"fees"}').digest('hex')}`)
    expect((await service().ofRun(runId)).map(({ id }) => id)).toEqual([first.id, changed.id])
  })

  it('serves a file as a download and never as a page', async () => {
    const { id } = await service().put(
      bed.organizationId,
      runId,
      file('Übersicht "1".html', '<script>alert(1)</script>', 'text/html'),
    )
    const response = await get(id, 'reader')
    expect(response.status).toBe(200)
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'text/html',
      'content-length': '25',
      'content-disposition': `attachment; filename="_bersicht _1_.html"; filename*=UTF-8''%C3%9Cbersicht%20%221%22.html`,
      'x-content-type-options': 'nosniff',
      'content-security-policy': "default-src 'none'; sandbox",
    })
    expect(await response.text()).toBe('<script>alert(1)</script>')
  })

  it('answers a stranger as if the file were not there', async () => {
    const { id } = await service().put(bed.organizationId, runId, file('secret.txt', 'x'))
    const [strange, unknown, nonsense] = await Promise.all([
      get(id, 'stranger'),
      get(randomUUID(), 'owner'),
      get('..%2fetc', 'owner'),
    ])
    const bodies = await Promise.all([strange, unknown, nonsense].map((response) => response.json()))
    expect([strange.status, unknown.status, nonsense.status]).toEqual([404, 404, 404])
    expect(bodies[0]).toEqual({ errors: [{ message: 'There is no such artifact.', extensions: { code: 'NOT_FOUND' } }] })
    expect(bodies[1]).toEqual(bodies[0])
    expect(bodies[2]).toEqual(bodies[0])
  })

  it('asks for a token and for the right', async () => {
    const { id } = await service().put(bed.organizationId, runId, file('y.txt', 'y'))
    for (const [as, status, code] of [
      [undefined, 401, 'UNAUTHENTICATED'],
      ['forged', 401, 'UNAUTHENTICATED'],
      ['decider', 403, 'FORBIDDEN'],
    ] as const) {
      const response = await get(id, as)
      expect(response.status).toBe(status)
      expect(await response.json()).toMatchObject({ errors: [{ extensions: { code } }] })
    }
    expect((await upload(`runId=${runId}&name=a`, 'x', 'reader')).status).toBe(403)
  })

  it('takes an upload and gives it back byte for byte', async () => {
    const body = Buffer.from(Array.from({ length: 300_000 }, (_, n) => n % 251))
    const response = await upload(`runId=${runId}&name=scan.pdf`, body, 'owner', 'application/pdf; x=y')
    expect(response.status).toBe(201)
    const artifact = (await response.json()) as { id: string; url: string }
    expect(artifact).toMatchObject({
      name: 'scan.pdf',
      mediaType: 'application/pdf',
      bytes: 300_000,
      sha256: createHash('sha256').update(body).digest('hex'),
    })
    expect(Buffer.from(await (await get(artifact.id, 'reader')).arrayBuffer()).equals(body)).toBe(true)
    expect((await upload(`runId=${runId}&name=empty`, '')).status).toBe(201)
  })

  it('refuses an upload to another’s run, without a name, and over the limit', async () => {
    const expectRefused = async (response: Response, status: number, code: string) => {
      expect(response.status).toBe(status)
      expect(await response.json()).toMatchObject({ errors: [{ extensions: { code } }] })
    }
    await expectRefused(await upload(`runId=${runId}&name=a`, 'x', 'stranger'), 404, 'NOT_FOUND')
    await expectRefused(await upload('runId=nonsense&name=a', 'x'), 404, 'NOT_FOUND')
    await expectRefused(await upload(`runId=${runId}&name=${encodeURIComponent('../a')}`, 'x'), 400, 'BAD_USER_INPUT')
    const before = (await service().ofRun(runId)).length
    const declared = await send(Buffer.alloc(10), { 'content-length': UPLOAD_LIMIT + 1 })
    const streamed = await send(Buffer.alloc(UPLOAD_LIMIT + 1), { 'transfer-encoding': 'chunked' })
    for (const { status, body } of [declared, streamed]) {
      expect({ status, body: JSON.parse(body) }).toMatchObject({
        status: 400,
        body: { errors: [{ extensions: { code: 'BAD_USER_INPUT' } }] },
      })
    }
    expect((await service().ofRun(runId)).length).toBe(before)
    expect(leftovers()).toEqual([])
  }, 60_000)

  it('keeps nothing of an upload whose client vanishes', async () => {
    const before = await service().ofRun(runId)
    const half = request(`${address}/artifacts?runId=${runId}&name=half`, {
      method: 'POST',
      headers: { authorization: 'Bearer owner', 'content-type': 'text/plain', 'content-length': UPLOAD_LIMIT },
    })
    half.on('error', () => {})
    half.write(Buffer.alloc(1024 * 1024))
    await eventually(() => expect(leftovers()).toHaveLength(1))
    half.destroy()
    await eventually(() => expect(leftovers()).toEqual([]))
    expect(await service().ofRun(runId)).toHaveLength(before.length)
    expect((await upload(`runId=${runId}&name=after`, 'still here')).status).toBe(201)
  })

  it('lives on when a client vanishes in the middle of a download', async () => {
    const { id } = await service().put(bed.organizationId, runId, {
      name: 'big',
      mediaType: 'text/plain',
      body: Buffer.alloc(20 * 1024 * 1024),
    })
    const { port } = new URL(address)
    const before = await connectionsOf(app)
    await new Promise<void>((resolve) => {
      const client = request(
        { port: Number(port), host: '127.0.0.1', path: `/artifacts/${id}`, headers: { authorization: 'Bearer owner' } },
        (response) => {
          response.once('data', () => client.destroy())
          response.on('error', () => {})
          response.on('close', resolve)
        },
      )
      client.on('error', () => {})
      client.end()
    })
    await eventually(async () => expect(await connectionsOf(app)).toBeLessThanOrEqual(before))
    const whole = await get(id, 'owner')
    expect((await whole.arrayBuffer()).byteLength).toBe(20 * 1024 * 1024)
  })

  it('says UNAVAILABLE while S3 is away, and serves again without a restart', async () => {
    const { id } = await service().put(bed.organizationId, runId, file('z.txt', 'z'))
    const other = new ArtifactService(bed.as().tenant, objects.store('made-when-missing'))
    await objects.stopListening()
    const response = await get(id, 'owner')
    expect(response.status).toBe(503)
    expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'UNAVAILABLE', service: 'artifact' } }] })
    await expect(objects.store().ready()).rejects.toMatchObject({ code: 'UNAVAILABLE' })
    await expect(other.put(bed.organizationId, runId, file('w', 'w'))).rejects.toMatchObject({ code: 'UNAVAILABLE' })
    await objects.listen()
    expect(await (await get(id, 'owner')).text()).toBe('z')
    expect(await other.put(bed.organizationId, runId, file('w', 'w'))).toMatchObject({ name: 'w' })
    await objects.store().ready()
  })
})

const leftovers = () => readdirSync(tmpdir()).filter((name) => name.startsWith('signalbox-upload-'))

const connectionsOf = (app: FastifyInstance) =>
  new Promise<number>((resolve, reject) =>
    app.server.getConnections((error, count) => (error === null ? resolve(count) : reject(error))),
  )

async function eventually(check: () => void | Promise<void>): Promise<void> {
  for (let tries = 0; ; tries++) {
    try {
      return await check()
    } catch (error) {
      if (tries === 100) throw error
      await sleep(30)
    }
  }
}
