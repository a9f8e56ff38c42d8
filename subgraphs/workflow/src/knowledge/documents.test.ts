import 'reflect-metadata'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { MikroORM } from '@mikro-orm/postgresql'
import { Audit } from '@signalbox/shared/audit'
import { createEgress } from '@signalbox/shared/egress'
import { migrateEvents } from '@signalbox/shared/events/migrate'
import { createLogger } from '@signalbox/shared/logger'
import { tenantSession } from '@signalbox/shared/tenancy'
import { createTestDatabase, type TestDatabase } from '@signalbox/shared/testing/database'
import { randomUUID } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import pg from 'pg'
import { migrateWorkflow } from '../migrate.ts'
import { createWorkflowOrm } from '../orm.ts'
import { EMBEDDING_MODEL, Embedder } from '../reasoning/embedder.ts'
import { indexingTask } from './indexing.task.ts'
import { KnowledgeDatabase } from './knowledge-testkit.ts'
import { KnowledgeIndex } from './knowledge-index.ts'
import { KnowledgeService } from './knowledge.service.ts'

const PAGES: Record<string, [type: string, body: string]> = {
  '/prices': [
    'text/html; charset=utf-8',
    '<title>Prices</title><body><h1>Bikes</h1><p>A cargo bike costs ten euros a day.</p></body>',
  ],
  '/faq.csv': ['text/csv', 'text,category\nWhen do you open?,hours\n,hours\n'],
  '/image': ['image/png', 'x'],
}

const inOrder = (a?: string | null, b?: string | null) => String(a).localeCompare(String(b))

describe('the documents of a knowledge base', () => {
  const organizationId = randomUUID()
  const author = { kind: 'USER' as const, id: randomUUID() }
  const embedder = new Embedder()
  const site = createServer(({ url }, response) => {
    const [type, body] = PAGES[url!] ?? []
    response.writeHead(body === undefined ? 404 : 200, { 'content-type': type ?? 'text/plain' }).end(body ?? 'not here')
  })
  let database: TestDatabase
  let superuser: pg.Pool
  let store: KnowledgeDatabase
  let index: KnowledgeIndex
  let orm: MikroORM
  let origin: string
  let egress: ReturnType<typeof createEgress>

  beforeAll(async () => {
    database = await createTestDatabase(
      'workflow',
      (url) => migrateEvents(url('events_owner')),
      (url) => migrateWorkflow(url('workflow_owner')),
    )
    superuser = new pg.Pool({ connectionString: database.superuserUrl, max: 2 })
    store = await KnowledgeDatabase.start()
    index = KnowledgeIndex.connect(store.url)
    orm = await createWorkflowOrm(database.url('workflow_app'))
    await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve))
    origin = `http://127.0.0.1:${(site.address() as AddressInfo).port}`
    egress = createEgress({ trustedOrigins: [origin] })
  }, 60_000)

  afterAll(async () => {
    await orm.close()
    await superuser.end()
    await egress[Symbol.asyncDispose]()
    await index[Symbol.asyncDispose]()
    await embedder[Symbol.asyncDispose]()
    await store[Symbol.asyncDispose]()
    await database.drop()
    site.close()
  })

  const service = () =>
    new KnowledgeService(orm.em.fork({ session: tenantSession(organizationId) }), index, embedder, {
      author,
      audit: new Audit({ viewer: null }),
      egress,
    })
  const ingest = (knowledgeBase: string, ...documents: { key: string; text: string; label?: string; title?: string }[]) =>
    service().ingest({ knowledgeBase, documents }, organizationId)
  const keysFound = async (knowledgeBase: string, text: string, filter?: object) =>
    (await service().search({ knowledgeBase, text, ...(filter && { filter }) }, organizationId)).map(
      ({ documentKey }) => documentKey,
    )
  /** What is left of a base, in every table of both databases. */
  const leftOf = async (id: string) => {
    const counts: Record<string, number> = {}
    for (const table of ['knowledge.chunks', 'knowledge.chunk_keys', 'knowledge.postings', 'knowledge.terms']) {
      const { rows } = await store.database.query<{ n: number }>(
        `select count(*)::int as n from ${table} where knowledge_base_id = '${id}'`,
      )
      counts[table] = rows[0]!.n
    }
    for (const [table, where] of [
      ['workflow.documents', 'knowledge_base_id = $1'],
      ['workflow.document_versions', 'document_id not in (select id from workflow.documents where knowledge_base_id <> $1)'],
      ['workflow.knowledge_bases', 'id = $1'],
    ] as const) {
      const { rows } = await superuser.query<{ n: number }>(`select count(*)::int as n from ${table} where ${where}`, [id])
      counts[table] = rows[0]!.n
    }
    return counts
  }

  it('keeps the versions of a document with who made them, and no former text', async () => {
    await service().create(organizationId, 'versions')
    await ingest('versions', { key: 'a', text: 'Open from nine.' })
    await ingest('versions', { key: 'a', text: 'Open from nine.' })
    await ingest('versions', { key: 'a', text: 'Open from ten.', title: 'Hours' })
    const { nodes, totalCount } = await service().documents('versions', { search: 'TEN' }, organizationId)
    expect(await totalCount).toBe(1)
    expect(nodes).toMatchObject([{ key: 'a', version: 2, status: 'INDEXED', excerpt: 'Open from ten.', chunks: 1 }])
    expect(await service().versions(nodes[0]!)).toMatchObject([
      { version: 2, title: 'Hours', characters: 14, authorKind: 'USER', authorId: author.id },
      { version: 1, title: null, characters: 15, authorKind: 'USER', authorId: author.id },
    ])
    expect((await service().search({ knowledgeBase: 'versions', text: 'open' }, organizationId))[0]).toMatchObject({
      documentKey: 'a',
      version: 2,
      ordinal: 0,
      start: 0,
      end: 14,
    })
    expect((await service().documents('versions', { search: 'nine' }, organizationId)).nodes).toEqual([])
  })

  it('indexes what two documents say once, and lets the second stand in when the first changes or goes', async () => {
    await service().create(organizationId, 'twins')
    const text = 'We deliver on Saturdays.'
    expect(await ingest('twins', { key: 'a', text }, { key: 'b', text }, { key: 'c', text })).toMatchObject({
      added: 3,
      duplicates: 2,
    })
    expect(await ingest('twins', { key: 'b', text })).toMatchObject({ unchanged: 1, duplicates: 1 })
    expect(await keysFound('twins', 'saturday delivery')).toEqual(['a'])
    expect(await service().sizes(await service().find('twins'))).toEqual({ documents: 3, chunks: 1, waiting: 0 })
    await ingest('twins', { key: 'a', text: 'We are closed.' })
    expect(new Set(await keysFound('twins', 'saturday delivery'))).toEqual(new Set(['a', 'b']))
    await ingest('twins', { key: 'a', text })
    expect(await keysFound('twins', 'saturday delivery')).toEqual(['a'])
    const { nodes } = await service().documents('twins', {}, organizationId)
    const idOf = (key: string) => nodes.find((node) => node.key === key)!.id
    expect(nodes.map(({ key, status, duplicateOf }) => [key, status, duplicateOf])).toEqual([
      ['c', 'DUPLICATE', idOf('a')],
      ['b', 'DUPLICATE', idOf('a')],
      ['a', 'INDEXED', null],
    ])
    expect(await service().deleteDocuments('twins', [idOf('a')], organizationId)).toMatchObject({ deleted: 1 })
    expect(await keysFound('twins', 'saturday delivery')).toEqual(['b'])
  })

  it('looks only where the filter leads', async () => {
    await service().create(organizationId, 'filters')
    await ingest(
      'filters',
      { key: 'guide/returns', text: 'Send the bike back within two weeks.', title: 'Returns' },
      { key: 'guide/repair', text: 'We repair the bike for free.', title: 'Repairs', label: 'repair' },
      { key: 'faq/repair', text: 'The repair of a bike takes a day.', title: 'Repairs, how long', label: 'duration' },
    )
    const found = async (filter: object) => [...new Set(await keysFound('filters', 'repair of my bike', filter))].sort(inOrder)
    expect(await found({ labels: ['repair', 'none'] })).toEqual(['guide/repair'])
    expect(await found({ keyPrefix: 'GUIDE/' })).toEqual(['guide/repair', 'guide/returns'])
    expect(await found({ titlePrefix: 'repairs', keyPrefix: 'faq' })).toEqual(['faq/repair'])
    const { nodes } = await service().documents('filters', { search: 'guide/' }, organizationId)
    expect(await found({ documentIds: nodes.map(({ id }) => id) })).toEqual(['guide/repair', 'guide/returns'])
    expect(await found({ labels: [] })).toEqual([])
    expect(await found({ documentIds: ['no id'] })).toEqual([])
  })

  it('leaves nothing of deleted documents, and nothing of a deleted base', async () => {
    const { id } = await service().create(organizationId, 'gone')
    const long = Array.from({ length: 80 }, (_, n) => `Sentence ${n} tells of harbour ${n % 7} and crane ${n % 11}.`).join(' ')
    await ingest('gone', { key: 'a', text: long }, { key: 'b', text: 'Harbour again.' }, { key: 'c', text: 'Harbour again.' })
    expect((await leftOf(id))['knowledge.chunks']).toBeGreaterThan(4)
    const { nodes } = await service().documents('gone', {}, organizationId)
    await service().deleteDocuments(
      'gone',
      nodes.map((node) => node.id),
      organizationId,
    )
    const empty = Object.fromEntries(Object.keys(await leftOf(id)).map((table) => [table, 0]))
    expect(await leftOf(id)).toEqual({ ...empty, 'workflow.knowledge_bases': 1 })
    await ingest('gone', { key: 'a', text: long })
    await service().deleteBase('gone', organizationId)
    expect(await leftOf(id)).toEqual(empty)
    await expect(service().find('gone')).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })

  it('reads pages and tables from the web, and says what is wrong with an address', async () => {
    await service().create(organizationId, 'web')
    const read = (path: string) => service().ingestUrl({ knowledgeBase: 'web', url: `${origin}${path}` }, organizationId)
    expect(await read('/prices#top')).toMatchObject({ kind: 'HTML', documents: 1, added: 1, faults: [] })
    expect(await read('/faq.csv')).toMatchObject({
      kind: 'CSV',
      documents: 1,
      faults: [{ line: 3, message: 'its text is empty' }],
    })
    const [hit] = await service().search({ knowledgeBase: 'web', text: 'price of a cargo bike' }, organizationId)
    expect(hit).toMatchObject({
      documentKey: `${origin}/prices`,
      title: 'Prices › Bikes',
      text: 'A cargo bike costs ten euros a day.',
    })
    await expect(read('/gone')).rejects.toThrow(/answered 404. Check the address/)
    await expect(read('/image')).rejects.toThrow(/is none of the kinds that can be read: CSV, Markdown, HTML, PDF/)
    const outside = (url: string) => service().ingestUrl({ knowledgeBase: 'web', url }, organizationId)
    await expect(outside('no address')).rejects.toMatchObject({ code: 'BAD_USER_INPUT' })
    await expect(outside('https://169.254.169.254/latest/meta-data')).rejects.toThrow(/does not lead to the public internet/)
  })

  it('embeds a base anew when the model has changed, finds by words meanwhile, and goes on where it was stopped', async () => {
    const { id } = await service().create(organizationId, 'former model')
    const texts = Array.from({ length: 120 }, (_, n) => ({ key: `k${n}`, text: `Locker number ${n} stands in hall ${n % 9}.` }))
    await ingest('former model', ...texts)
    await superuser.query(`update workflow.knowledge_bases set embedding_model = 'former' where id = $1`, [id])
    await superuser.query(`update workflow.documents set indexed_model = 'former' where knowledge_base_id = $1`, [id])
    await store.database.exec(`update knowledge.chunks set model = 'former' where knowledge_base_id = '${id}'`)
    const log = createLogger('test', 'silent')
    const stopped = AbortSignal.abort()
    const stopping = { orm, index, embedder, log, signal: stopped }
    await service().catchUp(id, organizationId, stopped)
    const between = await service().sizes(await service().find(id))
    expect(between).toEqual({ documents: 120, chunks: 120, waiting: 70 })
    const [byWords] = await service().search({ knowledgeBase: id, text: 'locker number 99' }, organizationId)
    expect(byWords).toMatchObject({ documentKey: 'k99', meaning: null })
    await indexingTask(stopping).run()
    expect(await service().sizes(await service().find(id))).toEqual(between)
    await indexingTask({ ...stopping, signal: new AbortController().signal }).run()
    expect(await service().find(id)).toMatchObject({ embeddingModel: EMBEDDING_MODEL })
    expect((await service().sizes(await service().find(id))).waiting).toBe(0)
    const [hit] = await service().search({ knowledgeBase: id, text: 'locker number 99' }, organizationId)
    expect(hit).toMatchObject({ documentKey: 'k99', meaning: expect.any(Number) })
  }, 30_000)
})
