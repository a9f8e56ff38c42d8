import 'reflect-metadata'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { MikroORM } from '@mikro-orm/postgresql'
import { migrateEvents } from '@signalbox/shared/events/migrate'
import { tenantSession } from '@signalbox/shared/tenancy'
import { createTestDatabase, type TestDatabase } from '@signalbox/shared/testing/database'
import { randomUUID } from 'node:crypto'
import { migrateWorkflow } from '../migrate.ts'
import { createWorkflowOrm } from '../orm.ts'
import { Embedder } from '../reasoning/embedder.ts'
import { OfflineModel } from '../reasoning/offline-model.ts'
import { readSupportExamples, seedKnowledge } from './examples/seed-knowledge.ts'
import { KnowledgeDatabase } from './knowledge-testkit.ts'
import { KnowledgeIndex } from './knowledge-index.ts'
import { KnowledgeService } from './knowledge.service.ts'

describe('knowledge bases', () => {
  const [ours, theirs] = [randomUUID(), randomUUID()]
  const embedder = new Embedder()
  let database: TestDatabase
  let store: KnowledgeDatabase
  let index: KnowledgeIndex
  let orm: MikroORM

  beforeAll(async () => {
    database = await createTestDatabase(
      'workflow',
      (url) => migrateEvents(url('events_owner')),
      (url) => migrateWorkflow(url('workflow_owner')),
    )
    store = await KnowledgeDatabase.start()
    index = KnowledgeIndex.connect(store.url)
    orm = await createWorkflowOrm(database.url('workflow_app'))
  }, 60_000)

  afterAll(async () => {
    await orm.close()
    await index[Symbol.asyncDispose]()
    await embedder[Symbol.asyncDispose]()
    await store[Symbol.asyncDispose]()
    await database.drop()
  })

  const serviceOf = (organizationId: string, ...others: string[]) =>
    new KnowledgeService(orm.em.fork({ session: tenantSession(organizationId, [organizationId, ...others]) }), index, embedder)

  it('keeps one base a name, and one document a key', async () => {
    const knowledge = serviceOf(ours)
    const base = await knowledge.create(ours, 'faq')
    expect((await knowledge.create(ours, ' faq ')).id).toBe(base.id)
    const documents = [
      { key: 'a', text: 'How long does delivery take?', label: 'delivery' },
      { key: 'b', title: 'Returns', text: 'Send it back within 14 days.' },
    ]
    const ingest = (changed = documents) => knowledge.ingest({ knowledgeBase: 'faq', documents: changed }, ours)
    expect(await ingest()).toMatchObject({ added: 2, updated: 0, unchanged: 0 })
    expect(await ingest()).toMatchObject({ added: 0, updated: 0, unchanged: 2 })
    expect(await ingest([{ ...documents[0]!, text: 'When is it delivered?' }, documents[1]!])).toMatchObject({
      added: 0,
      updated: 1,
      unchanged: 1,
    })
    expect(await knowledge.sizes(base)).toEqual({ documents: 2, chunks: 2, waiting: 0 })
    const hits = await knowledge.search({ knowledgeBase: base.id, text: 'delivered when' }, ours)
    expect(hits.map(({ text, title, label }) => ({ text, title, label }))).toEqual([
      { text: 'When is it delivered?', title: null, label: 'delivery' },
      { text: 'Send it back within 14 days.', title: 'Returns', label: null },
    ])
  })

  it('splits a long document and finds the part that answers', async () => {
    const knowledge = serviceOf(ours)
    await knowledge.create(ours, 'handbook')
    const filler = Array.from(
      { length: 30 },
      (_, n) => `Paragraph ${n} is about the history of the harbour and its cranes.`,
    ).join('\n\n')
    const text = `${filler}\n\nThe lighthouse opens to visitors on the first Sunday of each month.\n\n${filler}`
    await knowledge.ingest({ knowledgeBase: 'handbook', documents: [{ key: 'h', title: 'Handbook', text }] }, ours)
    const [hit, ...rest] = await knowledge.search(
      { knowledgeBase: 'handbook', text: 'When can visitors see the lighthouse?' },
      ours,
    )
    expect(rest.length).toBeLessThan(4)
    expect(hit!.text).toContain('first Sunday')
    expect(hit!.text.length).toBeLessThan(800)
    expect(hit).toMatchObject({ documentKey: 'h', version: 1, title: 'Handbook' })
    expect(text.slice(hit!.start!, hit!.end!)).toBe(hit!.text)
  })

  it('names every field that is wrong, and stores nothing', async () => {
    const knowledge = serviceOf(ours)
    const base = await knowledge.create(ours, 'strict')
    const documents = [
      { key: 'x', text: ' ' },
      { key: 'x', text: 'fine', label: 'l'.repeat(101) },
      { key: '', text: 'fine' },
    ]
    await expect(knowledge.ingest({ knowledgeBase: 'strict', documents }, ours)).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
      extensions: {
        fields: [
          { path: 'input.documents.0.text' },
          { path: 'input.documents.1.key' },
          { path: 'input.documents.1.label' },
          { path: 'input.documents.2.key' },
        ],
      },
    })
    const many = Array.from({ length: 501 }, (_, n) => ({ key: String(n), text: 'x' }))
    await expect(knowledge.ingest({ knowledgeBase: 'strict', documents: many }, ours)).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
    })
    expect(await knowledge.sizes(base)).toMatchObject({ documents: 0, chunks: 0 })
  })

  it('takes text that Postgres would refuse, without what it refuses', async () => {
    const knowledge = serviceOf(ours)
    await knowledge.create(ours, 'odd')
    const documents = [{ key: 'n\0ul', text: 'half \ud800 and \0 nul', label: '' }]
    expect(await knowledge.ingest({ knowledgeBase: 'odd', documents }, ours)).toMatchObject({ added: 1 })
    expect(await knowledge.search({ knowledgeBase: 'odd', text: 'half' }, ours)).toMatchObject([
      { text: 'half \ufffd and  nul', label: null },
    ])
  })

  it('shows another organisation’s base to nobody, and lets an agency read but not write it', async () => {
    const base = await serviceOf(ours).create(ours, 'private')
    const stranger = serviceOf(theirs)
    const gone = { code: 'NOT_FOUND', message: 'There is no such knowledge base.' }
    expect((await stranger.list()).map(({ name }) => name)).not.toContain('private')
    await expect(stranger.search({ knowledgeBase: base.id, text: 'x' }, theirs)).rejects.toMatchObject(gone)
    await expect(stranger.search({ knowledgeBase: randomUUID(), text: 'x' }, theirs)).rejects.toMatchObject(gone)
    await expect(stranger.ingest({ knowledgeBase: 'private', documents: [] }, theirs)).rejects.toMatchObject(gone)
    const agency = serviceOf(theirs, ours)
    expect(await agency.search({ knowledgeBase: 'private', text: 'x' }, theirs)).toEqual([])
    await expect(agency.ingest({ knowledgeBase: 'private', documents: [] }, theirs)).rejects.toMatchObject(gone)
  })

  it('seeds the shipped examples, calibrated, and decides new questions by them', async () => {
    const knowledge = serviceOf(ours)
    const base = await seedKnowledge(knowledge, ours)
    expect(base).toMatchObject({
      name: 'support-examples',
      calibrationStatus: 'READY',
      calibration: { targetPrecision: 0.95, n: 280 },
    })
    expect(base.calibration!.accuracy).toBeGreaterThan(0.85)
    expect(base.calibration!.precision).toBeGreaterThanOrEqual(0.95)
    expect(base.calibration!.coverage).toBeGreaterThan(0.7)
    expect((await seedKnowledge(knowledge, ours)).calibration!.calibratedAt).toEqual(base.calibration!.calibratedAt)
    const decide = async (text: string) => {
      const evidence = await knowledge.search({ knowledgeBase: base.name, text, limit: 25 }, ours)
      return new OfflineModel().decide({ text, instructions: '', evidence, calibration: base.calibration })
    }
    const sure = await decide('Please refund my last order')
    expect(sure.label).toBe('refund_request')
    expect(sure.confidence).toBeGreaterThanOrEqual(base.calibration!.threshold)
    expect((await decide('The weather in Lisbon is lovely')).confidence).toBeLessThan(base.calibration!.threshold)
  }, 60_000)

  it('refuses a second calibration while one runs, and takes over one that a dead process left', async () => {
    const knowledge = serviceOf(ours)
    const base = await knowledge.create(ours, 'busy')
    const input = { knowledgeBase: 'busy', targetPrecision: 0.9 }
    const setStarted = (age: string) =>
      orm.em
        .fork({ session: tenantSession(ours) })
        .execute(
          `update workflow.knowledge_bases set calibration_status = 'RUNNING', calibration_started_at = clock_timestamp() - ?::interval where id = ?`,
          [age, base.id],
        )
    await setStarted('1 minute')
    await expect(knowledge.startCalibration(input, ours)).rejects.toMatchObject({ code: 'CONFLICT' })
    await setStarted('11 minutes')
    expect((await knowledge.find('busy')).calibrationStatus).toBe('FAILED')
    expect(await knowledge.calibrate(input, ours)).toMatchObject({
      calibrationStatus: 'READY',
      calibration: { n: 0, coverage: 0, threshold: 1 },
    })
    await expect(knowledge.startCalibration({ ...input, targetPrecision: 1.5 }, ours)).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
    })
  })

  it('keeps documents that the index could not take, and indexes them when they are sent again', async () => {
    const knowledge = serviceOf(ours)
    const base = await knowledge.create(ours, 'patient')
    const ingest = () =>
      knowledge.ingest({ knowledgeBase: 'patient', documents: [{ key: 'k', text: 'a text that waits' }] }, ours)
    await store.stopListening()
    await expect(ingest()).rejects.toMatchObject({ code: 'UNAVAILABLE' })
    expect(await knowledge.sizes(base)).toEqual({ documents: 1, chunks: 0, waiting: 1 })
    await store.listen(Number(new URL(store.url).port))
    expect(await ingest()).toMatchObject({ added: 0, updated: 0, unchanged: 1 })
    expect(await knowledge.search({ knowledgeBase: 'patient', text: 'waits' }, ours)).toHaveLength(1)
  })

  it('builds the index anew from the documents when it is lost', async () => {
    const knowledge = serviceOf(ours)
    const { id } = await knowledge.find('support-examples', ours)
    await index.clear(ours, id)
    const search = () => knowledge.search({ knowledgeBase: id, text: 'my card was stolen' }, ours)
    expect(await search()).toEqual([])
    expect(await knowledge.reindex(id, ours)).toBe(readSupportExamples().length)
    expect((await search())[0]!.label).toBe('lost_or_stolen_card')
  }, 60_000)
})
