import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { PGlite } from '@electric-sql/pglite'
import { vector } from '@electric-sql/pglite-pgvector'
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/**
 * In containers the knowledge index shares the database with everything else: its migrations run as `workflow_owner`, who is no superuser,
 * after `init.sql`. The local platform never does that (there the index has a server of its own), so this does, on Postgres 18 with
 * pgvector as PGlite brings it.
 */
const root = fileURLToPath(new URL('../../', import.meta.url))
const migrations = join(root, 'subgraphs/workflow/knowledge-migrations')
const [mine, theirs, base, document] = [1, 2, 3, 4].map((n) => `0190a000-0000-7000-8000-00000000000${n}`)
const embedding = JSON.stringify(Array.from({ length: 512 }, (_, index) => (index === 0 ? 1 : 0)))
let database: PGlite

beforeAll(async () => {
  database = await PGlite.create({ extensions: { vector } })
  await database.exec(readFileSync(join(root, 'infra/postgres/init.sql'), 'utf8'))
  await database.exec('set session authorization workflow_owner')
  for (const file of readdirSync(migrations).sort()) await database.exec(readFileSync(join(migrations, file), 'utf8'))
  await database.exec('set session authorization workflow_app')
}, 60_000)
afterAll(() => database.close())

const candidates = async (organization: string) => {
  const { rows } = await database.query<{ found: { passages: { text: string }[] } }>(
    `select knowledge.candidates($1, $2, $3::vector, '{card}', '{card}') as found`,
    [organization, base, embedding],
  )
  return rows[0]!.found.passages.map(({ text }) => text)
}

it('the service stores and finds passages there, and only its own', async () => {
  const chunk = {
    ordinal: 0,
    title: null,
    text: 'Where is my card?',
    label: 'card_arrival',
    embedding,
    words: ['card'],
    terms: ['card'],
  }
  await database.query('select knowledge.put($1, $2, $3)', [
    mine,
    base,
    JSON.stringify([{ documentId: document, chunks: [chunk] }]),
  ])
  expect(await candidates(mine!)).toEqual(['Where is my card?'])
  expect(await candidates(theirs!)).toEqual([])
})

it('the service cannot change what the owner made', async () => {
  await expect(database.query('drop table knowledge.chunks')).rejects.toThrow(/must be owner/)
  await expect(database.query('truncate knowledge.chunks')).rejects.toThrow(/permission denied/)
})
