import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { PGlite } from '@electric-sql/pglite'
import { vector } from '@electric-sql/pglite-pgvector'
import { readFileSync, readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { migrateEvents } from '@signalbox/shared/events/migrate'
import { createTestDatabase, type TestDatabase } from '@signalbox/shared/testing/database'
import { migrateAuth } from '../../subgraphs/auth/src/migrations.ts'
import { migrateTelemetry } from '../../subgraphs/telemetry/src/migrations.ts'
import { migrateWorkflow } from '../../subgraphs/workflow/src/migrate.ts'
import { readTables, type Query, type Table } from './catalogue.ts'
import { RUNTIME_ROLES, SCHEMAS } from './holdings.ts'
import { needlessHoldings, tenancyFaults } from './tenancy-rules.ts'

/** All migrations on a real Postgres, those of the knowledge index (which needs pgvector) on PGlite; then the catalogues are read. */
const elsewhere = Object.keys(SCHEMAS).filter((name) => name !== 'knowledge')
let database: TestDatabase
let superuser: pg.Client
let knowledge: PGlite
let ask: Query
let askKnowledge: Query

beforeAll(async () => {
  database = await createTestDatabase(
    'whole',
    (url) => migrateEvents(url('events_owner')),
    (url) => migrateAuth(url('auth_owner')),
    (url) => migrateWorkflow(url('workflow_owner')),
    (url) => migrateTelemetry(url('telemetry_owner')),
  )
  superuser = new pg.Client({ connectionString: database.superuserUrl })
  await superuser.connect()
  ask = async (sql, values) => (await superuser.query(sql, values)).rows as never
  knowledge = await knowledgeDatabase()
  askKnowledge = async (sql, values) => (await knowledge.query(sql, values)).rows as never
}, 60_000)
afterAll(async () => {
  await superuser?.end()
  await Promise.all([database?.drop(), knowledge?.close()])
})

async function knowledgeDatabase(): Promise<PGlite> {
  const text = (path: string) => readFileSync(fileURLToPath(new URL(path, import.meta.url)), 'utf8')
  const folder = '../../subgraphs/workflow/knowledge-migrations'
  const made = await PGlite.create({ extensions: { vector } })
  await made.exec(text('./init.sql'))
  await made.exec('set role workflow_owner')
  for (const file of readdirSync(fileURLToPath(new URL(folder, import.meta.url))).sort())
    await made.exec(text(`${folder}/${file}`))
  await made.exec('reset role')
  return made
}

describe('what the databases’ own catalogues say', () => {
  it('is that every table of a tenant is guarded, in every schema of the services', async () => {
    expect(await tenancyFaults(ask, elsewhere)).toEqual([])
  })

  it('is the same of the knowledge index', async () => {
    expect(await tenancyFaults(askKnowledge, ['knowledge'])).toEqual([])
  })

  it('is about tables with a tenant, in all schemas: nothing is judged by being absent', async () => {
    const tables = [
      ...(await readTables(ask, elsewhere, RUNTIME_ROLES)),
      ...(await readTables(askKnowledge, ['knowledge'], RUNTIME_ROLES)),
    ]
    const withTenant = (schema: string) =>
      tables.filter((table) => table.schema === schema && table.columns.some(({ name }) => name === 'organization_id')).length
    for (const schema of ['auth', 'workflow', 'checkpoint', 'telemetry', 'events', 'knowledge'])
      expect(withTenant(schema)).toBeGreaterThanOrEqual(2)
    expect(needlessHoldings(withMigrations(tables))).toEqual([])
  })
})

/** The index's own list of migrations is made by its migrator, not by a migration. */
const withMigrations = (tables: Table[]) => [...tables, { ...tables[0]!, name: 'knowledge.migrations', schema: 'knowledge' }]

describe('a database that breaks the rule', () => {
  /** Changes the database as its superuser, reads the faults and takes the change back. */
  const faultsAfter = async (sql: string) => {
    await superuser.query('begin')
    try {
      await superuser.query(sql)
      return await tenancyFaults(ask, elsewhere)
    } finally {
      await superuser.query('rollback')
    }
  }

  it.each([
    [
      'a table without anything',
      `set local role workflow_owner; create table workflow.notes (id uuid primary key, organization_id uuid not null); reset role`,
      [
        'table workflow.notes: row level security is not enabled',
        'table workflow.notes: row level security is not forced',
        'table workflow.notes: has no policy that lets workflow_owner change its data in migrations',
        'table workflow.notes: unique index notes_pkey does not carry organization_id: it tells of other tenants’ rows',
      ],
    ],
    [
      'a table without a tenant that nobody has explained',
      `set local role auth_owner; create table auth.extras (id int primary key); call auth.guard('extras', null); reset role`,
      ['table auth.extras: has no organization_id: give it one, or say in holdings.ts what it holds'],
    ],
    [
      'a policy that is true for all',
      `create policy open on workflow.runs for select to workflow_app using (true)`,
      ['table workflow.runs: policy open does not read the tenant of workflow_app'],
    ],
    [
      'a policy for everybody',
      `create policy open on workflow.runs for select using (true)`,
      ['table workflow.runs: policy open is for everybody'],
    ],
    [
      'a policy that lets rows be given away',
      `create policy open on workflow.runs for update to workflow_app using (organization_id = workflow.active_organization()) with check (true)`,
      ['table workflow.runs: policy open does not read the tenant of workflow_app'],
    ],
    [
      'row level security that spares the owner',
      `alter table telemetry.cases no force row level security`,
      ['table telemetry.cases: row level security is not forced'],
    ],
    [
      'a foreign key without the tenant',
      `set local role workflow_owner; create unique index runs_alone on workflow.runs (id); alter table workflow.reviews add constraint astray foreign key (run_id) references workflow.runs (id); reset role`,
      [
        'table workflow.reviews: foreign key astray to workflow.runs does not carry organization_id',
        'table workflow.runs: unique index runs_alone does not carry organization_id: it tells of other tenants’ rows',
      ],
    ],
    ['a right too many', `grant truncate on workflow.runs to workflow_app`, ['table workflow.runs: workflow_app may TRUNCATE']],
    [
      'a door into a closed table',
      `grant select on auth.challenges to auth_app`,
      ['table auth.challenges: is closed, but auth_app may SELECT'],
    ],
    [
      'a door for one column',
      `grant select (code_hash) on auth.challenges to auth_app`,
      ['table auth.challenges: is closed, but auth_app may SELECT'],
    ],
    ['a stranger among the saved states', `grant usage on schema checkpoint to auth_app`, ['role auth_app may enter checkpoint']],
    [
      'a right for everybody',
      `grant select on telemetry.run to public`,
      ['everybody (PUBLIC) has SELECT on relation telemetry.run'],
    ],
    [
      'a function that everybody may call, with the search path of its caller',
      `set local role auth_owner; create function auth.peek() returns int language sql security definer as 'select 1'; grant execute on function auth.peek to public; reset role`,
      [
        'routine auth.peek(): runs as its owner, with the search path of its caller; it must be pinned and end in pg_temp',
        'everybody (PUBLIC) has EXECUTE on routine auth.peek()',
      ],
    ],
    [
      'a view that runs as its owner',
      `set local role telemetry_owner; create view telemetry.peek as select * from telemetry.run; reset role`,
      ['view telemetry.peek: runs as its owner: make it with (security_invoker = true)'],
    ],
    [
      'a service that owns',
      `alter table workflow.annotations owner to workflow_app`,
      ['table workflow.annotations: is owned by workflow_app, not by workflow_owner'],
    ],
    ['a service that bypasses', `alter role auth_app bypassrls`, ['role auth_app is BYPASSRLS']],
    ['a service that is its own owner', `grant auth_owner to auth_app`, ['role auth_app is a member of auth_owner']],
    [
      'a service that may create',
      `grant create on schema telemetry to telemetry_app`,
      ['role telemetry_app may create in telemetry'],
    ],
  ])('is caught: %s', async (_what, sql, faults) => {
    expect(await faultsAfter(sql)).toEqual(expect.arrayContaining(faults))
  })
})
