import 'reflect-metadata'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { randomUUID } from 'node:crypto'
import { Embedder } from '../reasoning/embedder.ts'
import { readSupportExamples } from './examples/seed-knowledge.ts'
import { KnowledgeDatabase } from './knowledge-testkit.ts'
import { KnowledgeIndex } from './knowledge-index.ts'
import { migrateKnowledge, pendingKnowledgeMigrations } from './migrate-knowledge.ts'

/** Deterministic directions near one of 20 corners; cheaper than the model where only distances matter. */
function direction(seed: number): number[] {
  let state = seed * 2_654_435_761 + 1
  const random = () => (state = (state * 1_103_515_245 + 12_345) % 2_147_483_648) / 2_147_483_648 - 0.5
  const components = Array.from({ length: 512 }, random)
  const length = Math.hypot(...components)
  return components.map((x) => x / length)
}

describe('the knowledge index on PGlite behind its socket', () => {
  let database: KnowledgeDatabase
  let index: KnowledgeIndex
  const embedder = new Embedder()

  beforeAll(async () => {
    database = await KnowledgeDatabase.start()
    index = KnowledgeIndex.connect(database.url)
  }, 60_000)

  afterAll(async () => {
    await index[Symbol.asyncDispose]()
    await embedder[Symbol.asyncDispose]()
    await database[Symbol.asyncDispose]()
  })

  const put = async (
    organizationId: string,
    base: string,
    texts: { id?: string; text: string; label: string | null; seed: number }[],
  ) =>
    index.put(
      organizationId,
      base,
      texts.map(({ id, text, label, seed }) => ({
        documentId: id ?? randomUUID(),
        key: text.slice(0, 20),
        version: 1,
        chunks: [{ ordinal: 0, start: 0, end: text.length, title: null, text, label, embedding: direction(seed) }],
      })),
    )

  it('runs each migration once', async () => {
    expect(await migrateKnowledge(database.url)).toEqual([])
    expect(await pendingKnowledgeMigrations(database.url)).toEqual([])
    await index.ready()
  })

  it('finds a small tenant’s own ten beside a neighbour with fifteen hundred chunks, and by the graph, too', async () => {
    const [small, large, ours, theirs] = [randomUUID(), randomUUID(), randomUUID(), randomUUID()] as const
    await put(
      large,
      theirs,
      Array.from({ length: 1_500 }, (_, n) => ({ text: `their secret number ${n}`, label: 'theirs', seed: n })),
    )
    await put(
      small,
      ours,
      Array.from({ length: 200 }, (_, n) => ({ text: `our own number ${n}`, label: 'ours', seed: n + 10_000 })),
    )
    const query = {
      organizationId: small,
      knowledgeBaseId: ours,
      text: 'their secret number 7',
      embedding: direction(7),
      limit: 10,
    }
    const found = await index.search(query)
    expect(found).toHaveLength(10)
    expect(new Set(found.map((hit) => hit.label))).toEqual(new Set(['ours']))
    expect(await index.search({ ...query, knowledgeBaseId: theirs })).toEqual([])
    expect(await index.search({ ...query, organizationId: large })).toEqual([])
    const [nearest] = await index.search({ ...query, organizationId: large, knowledgeBaseId: theirs })
    expect(nearest).toMatchObject({ text: 'their secret number 7', label: 'theirs' })
    // By scan and by graph, which a base of that size would not need: what the graph lacks of a small tenant is scanned.
    const idsOf = async (organizationId: string, base: string, exactUpTo: number) => {
      const vector = `[${direction(7).join(',')}]`
      const near = `knowledge.near('${organizationId}', '${base}', '${vector}', 10, null, null, ${exactUpTo})`
      const { rows } = await database.database.query<{ id: string }>(`select id from ${near}`)
      return rows.map(({ id }) => id)
    }
    for (const [organizationId, base] of [[small, ours] as const, [large, theirs] as const]) {
      const [byScan, byGraph] = [await idsOf(organizationId, base, 10_000), await idsOf(organizationId, base, 0)]
      expect(byGraph).toHaveLength(10)
      expect(byGraph[0]).toBe(byScan[0])
      expect(byGraph.filter((id) => byScan.includes(id)).length).toBeGreaterThanOrEqual(8)
    }
  }, 60_000)

  it('keeps tenants apart while both ask at the same time over shared connections', async () => {
    const tenants = Array.from({ length: 4 }, (_, n) => ({
      organizationId: randomUUID(),
      knowledgeBaseId: randomUUID(),
      label: `tenant-${n}`,
    }))
    for (const { organizationId, knowledgeBaseId, label } of tenants) {
      await put(
        organizationId,
        knowledgeBaseId,
        Array.from({ length: 30 }, (_, n) => ({ text: `common question ${n}`, label, seed: n })),
      )
    }
    const asked = Array.from({ length: 80 }, (_, n) => tenants[n % tenants.length]!)
    const query = { text: 'common question 3', limit: 5 }
    const answers = await Promise.all(
      asked.map(({ organizationId, knowledgeBaseId }, n) =>
        index.search({ ...query, organizationId, knowledgeBaseId, embedding: direction(n % 30) }),
      ),
    )
    answers.forEach((hits, n) => expect(hits.map((hit) => hit.label)).toEqual(Array(5).fill(asked[n]!.label)))
  })

  it('leaves neither role nor tenant behind in the session that all clients share', async () => {
    const organizationId = randomUUID()
    await put(organizationId, randomUUID(), [{ text: 'x', label: null, seed: 1 }])
    const { rows } = await database.database.query(
      `select current_user::text as "user", current_setting('app.organization', true) as organization`,
    )
    expect(rows[0]).toMatchObject({ user: 'postgres' })
    expect((rows[0] as { organization: string | null }).organization || null).toBeNull()
  })

  it('binds the role of its functions by row level security', async () => {
    await database.database.exec('set role workflow_app')
    try {
      const { rows } = await database.database.query<{ n: number }>('select count(*)::int as n from knowledge.chunks')
      expect(rows[0]!.n).toBe(0)
    } finally {
      await database.database.exec('reset role')
    }
  })

  it('replaces, removes and counts a document’s chunks', async () => {
    const [organizationId, knowledgeBaseId, id] = [randomUUID(), randomUUID(), randomUUID()]
    const search = (text: string) => index.search({ organizationId, knowledgeBaseId, text, embedding: direction(1), limit: 5 })
    await put(organizationId, knowledgeBaseId, [{ id, text: 'tariff of the year', label: 'a', seed: 1 }])
    await put(organizationId, knowledgeBaseId, [{ id, text: 'opening in spring', label: 'b', seed: 1 }])
    expect(await search('spring')).toMatchObject([{ documentId: id, text: 'opening in spring', label: 'b' }])
    const terms = await database.database.query(
      `select term, chunks from knowledge.terms where organization_id = '${organizationId}' and term in ('', '=tariff', '=spr', '=spring') order by term`,
    )
    expect(terms.rows).toEqual([
      { term: '', chunks: 1 },
      { term: '=spr', chunks: 1 },
    ])
    await index.remove(organizationId, knowledgeBaseId, [id])
    expect(await search('spring')).toEqual([])
  })

  it('finds by words what is far in meaning, and takes any text as text', async () => {
    const [organizationId, knowledgeBaseId] = [randomUUID(), randomUUID()]
    const filler = Array.from({ length: 400 }, (_, n) => ({ text: `filler ${n}`, label: null, seed: n }))
    const odd = "it's a 'quoted' \\ text; drop table x -- XJ-4711 \u{1D4B3}\u{1D4B4} 🚲"
    await put(organizationId, knowledgeBaseId, [...filler, { text: odd, label: 'part', seed: 100_000 }])
    const [first] = await index.search({
      organizationId,
      knowledgeBaseId,
      text: `where is '4711' \\'`,
      embedding: direction(5_555),
      limit: 3,
    })
    expect(first).toMatchObject({ text: odd, label: 'part' })
    expect(await index.search({ organizationId, knowledgeBaseId, text: '!?', embedding: direction(3), limit: 3 })).toHaveLength(3)
  })

  it('understands questions that share no word with the example', async () => {
    const [organizationId, knowledgeBaseId] = [randomUUID(), randomUUID()]
    const examples = readSupportExamples()
    const embeddings = await embedder.embed(examples.map((example) => example.text))
    const documents = examples.map((example, n) => ({
      documentId: randomUUID(),
      key: String(n),
      version: 1,
      chunks: [{ ordinal: 0, start: 0, end: example.text.length, title: null, ...example, embedding: embeddings[n]! }],
    }))
    await index.put(organizationId, knowledgeBaseId, documents)
    const text = 'Thieves took my plastic'
    const [embedding] = await embedder.embed([text])
    const [hit] = await index.search({ organizationId, knowledgeBaseId, text, embedding: embedding!, limit: 5 })
    expect(hit?.label).toBe('lost_or_stolen_card')
  })

  it('says UNAVAILABLE while the store is away, and works again without a restart', async () => {
    const away = await KnowledgeDatabase.start()
    const port = Number(new URL(away.url).port)
    const other = KnowledgeIndex.connect(away.url)
    await other.ready()
    await away.stopListening()
    await expect(other.ready()).rejects.toMatchObject({ code: 'UNAVAILABLE' })
    await away.listen(port)
    await other.ready()
    await other[Symbol.asyncDispose]()
    await away[Symbol.asyncDispose]()
  }, 60_000)
})
