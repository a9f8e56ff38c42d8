import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { UnauthenticatedError } from '@signalbox/shared/errors'
import type { Viewer } from '@signalbox/shared/viewer'
import fastify, { type FastifyInstance } from 'fastify'
import { randomUUID } from 'node:crypto'
import { registerArtifactRoutes } from '../artifacts/artifact.routes.ts'
import { Embedder } from '../reasoning/embedder.ts'
import { log, viewerOf, WorkflowTestbed } from '../testing/testkit.ts'
import { LARGEST_FILE } from './files/file-kind.ts'
import { pdfBomb, pdfOf } from './files/files-testkit.ts'
import { KnowledgeDatabase } from './knowledge-testkit.ts'
import { KnowledgeIndex } from './knowledge-index.ts'
import { registerKnowledgeRoutes } from './knowledge.routes.ts'
import { KnowledgeService } from './knowledge.service.ts'

describe('a file sent into a knowledge base', () => {
  const viewers = new Map<string, Viewer>()
  const embedder = new Embedder()
  let bed: WorkflowTestbed
  let store: KnowledgeDatabase
  let index: KnowledgeIndex
  let app: FastifyInstance
  let address: string

  const knowledgeOf = (viewer: Viewer) => new KnowledgeService(bed.as(viewer).tenant, index, embedder)

  beforeAll(async () => {
    bed = await WorkflowTestbed.create()
    store = await KnowledgeDatabase.start()
    index = KnowledgeIndex.connect(store.url)
    viewers.set('owner', viewerOf(bed.organizationId))
    viewers.set('reader', viewerOf(bed.organizationId, { scopes: new Set(['kb:read']) }))
    viewers.set('stranger', viewerOf(randomUUID()))
    app = fastify({ forceCloseConnections: true })
    const verifyToken = async (authorization: string | undefined) => {
      const viewer = viewers.get(authorization?.replace('Bearer ', '') ?? '')
      if (viewer === undefined) throw new UnauthenticatedError()
      return viewer
    }
    await registerArtifactRoutes(app, {
      verifyToken,
      artifactsOf: () => Promise.reject(new Error('no artifact is asked for')) as never,
      log,
      more: (scope) => registerKnowledgeRoutes(scope, { verifyToken, orm: bed.orm, index, embedder }),
    })
    address = await app.listen({ host: '127.0.0.1', port: 0 })
    await knowledgeOf(viewers.get('owner')!).create(bed.organizationId, 'files')
  }, 60_000)

  afterAll(async () => {
    await app.close()
    await index[Symbol.asyncDispose]()
    await embedder[Symbol.asyncDispose]()
    await store[Symbol.asyncDispose]()
    await bed[Symbol.asyncDispose]()
  })

  const send = async (name: string, body: Buffer | string, as = 'owner', more = '') => {
    const response = await fetch(`${address}/artifacts/knowledge?knowledgeBase=files&name=${encodeURIComponent(name)}${more}`, {
      method: 'POST',
      body: new Uint8Array(Buffer.from(body)),
      headers: { authorization: `Bearer ${as}`, 'content-type': 'application/octet-stream' },
    })
    return {
      status: response.status,
      body: (await response.json()) as Record<string, unknown> & { errors?: { message: string }[] },
    }
  }
  const search = (text: string) => knowledgeOf(viewers.get('owner')!).search({ knowledgeBase: 'files', text }, bed.organizationId)

  it('is found with its place in the file, and replaced when it is sent again', async () => {
    const first = await send('rules.pdf', pdfOf(['The crane rests at night.', 'Visitors wear a helmet.'], { packed: true }))
    expect(first).toMatchObject({ status: 201, body: { kind: 'PDF', documents: 1, added: 1, knowledgeBase: { name: 'files' } } })
    const [hit] = await search('when does the crane rest')
    expect(hit).toMatchObject({ documentKey: 'rules.pdf', title: 'A title', version: 1, ordinal: 0, start: 0 })
    expect((await send('rules.pdf', pdfOf(['The crane rests on Sundays.']), 'owner', '&title=Rules&label=')).body).toMatchObject({
      updated: 1,
    })
    expect((await search('when does the crane rest'))[0]).toMatchObject({
      text: 'The crane rests on Sundays.',
      title: 'Rules',
      version: 2,
    })
    const table = await send('faq.csv', 'text,category\nMay I swim?,swimming\n,x\n')
    expect(table.body).toMatchObject({ kind: 'CSV', documents: 1, faults: [{ line: 3, message: 'its text is empty' }] })
  })

  it('is refused with the reason, and disturbs nothing', async () => {
    const before = await knowledgeOf(viewers.get('owner')!).documents('files', {}, bed.organizationId)
    for (const [reply, status, message] of [
      [await send('a.png', 'x'), 400, 'a.png is none of the kinds that can be read'],
      [await send('bomb.pdf', pdfBomb(300)), 400, 'bomb.pdf unpacks to far more than a document holds'],
      [await send('a.csv', 'question\nwhy\n'), 400, 'a.csv has no column "text"'],
      [await send('../a.md', 'x'), 400, 'The file needs a name.'],
      [await send('a.md', 'x', 'reader'), 403, 'This needs the scope kb:write.'],
      [await send('a.md', 'x', 'nobody'), 401, 'Sign in'],
      [await send('a.md', 'x', 'stranger'), 404, 'There is no such knowledge base.'],
      [await send('a.pdf', Buffer.alloc(LARGEST_FILE + 1)), 400, 'A file may have 20 MB at most.'],
    ] as const) {
      expect(reply.status).toBe(status)
      expect(reply.body.errors![0]!.message).toContain(message)
    }
    const after = await knowledgeOf(viewers.get('owner')!).documents('files', {}, bed.organizationId)
    expect(await after.totalCount).toBe(await before.totalCount)
  }, 30_000)
})
