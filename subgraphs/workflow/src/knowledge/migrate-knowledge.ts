import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import pg from 'pg'

const DIRECTORY = fileURLToPath(new URL('../../knowledge-migrations', import.meta.url))

/**
 * Brings schema `knowledge` up to date and returns the names of the migrations that ran. Not the ORM's migrator: that one opens
 * transactions over several messages and named statements, which clients of PGlite's one shared session trip over. Here a migration and
 * the row that remembers it are one simple query, which Postgres runs as one transaction: both, or neither.
 */
export function migrateKnowledge(url: string): Promise<string[]> {
  return withClient(url, async (client) => {
    await client.query(`do $$ begin
      if to_regnamespace('knowledge') is null then create schema knowledge; end if;
      create table if not exists knowledge.migrations (name text primary key, executed_at timestamptz not null default clock_timestamp());
      if not exists (select from pg_roles where rolname = 'workflow_app') then create role workflow_app nologin nosuperuser nobypassrls; end if;
      grant usage on schema knowledge to workflow_app;
      grant select on knowledge.migrations to workflow_app;
    end $$`)
    const names = await pending(client)
    for (const name of names) {
      const sql = readFileSync(join(DIRECTORY, `${name}.sql`), 'utf8')
      await client.query(`${sql};\ninsert into knowledge.migrations (name) values (${pg.escapeLiteral(name)})`)
    }
    return names
  })
}

/** The names of migrations that have not run yet. @throws when the index's database cannot be reached */
export const pendingKnowledgeMigrations = (url: string): Promise<string[]> => withClient(url, pending)

async function pending(client: pg.Client): Promise<string[]> {
  const known = await client.query<{ name: string | null }>(`select to_regclass('knowledge.migrations')::text as name`)
  const done =
    known.rows[0]!.name === null ? [] : (await client.query<{ name: string }>('select name from knowledge.migrations')).rows
  const ran = new Set(done.map((row) => row.name))
  const names = readdirSync(DIRECTORY)
    .filter((name) => name.endsWith('.sql'))
    .map((name) => name.replace(/\.sql$/, ''))
    .sort()
  return names.filter((name) => !ran.has(name))
}

async function withClient<T>(url: string, use: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 })
  client.on('error', () => {})
  await client.connect()
  return use(client).finally(() => client.end())
}
