import { PGlite } from '@electric-sql/pglite'
import { vector } from '@electric-sql/pglite-pgvector'
import { readFileSync, readdirSync } from 'node:fs'
const db = await PGlite.create({ extensions: { vector } })
await db.exec(readFileSync('infra/postgres/init.sql', 'utf8'))
await db.exec('set session authorization workflow_owner')
await db.exec(`do $$ begin
      if to_regnamespace('knowledge') is null then create schema knowledge; end if;
      create table if not exists knowledge.migrations (name text primary key, executed_at timestamptz not null default clock_timestamp());
      if not exists (select from pg_roles where rolname = 'workflow_app') then create role workflow_app nologin nosuperuser nobypassrls; end if;
      grant usage on schema knowledge to workflow_app;
      grant select on knowledge.migrations to workflow_app;
    end $$`)
for (const f of readdirSync('subgraphs/workflow/knowledge-migrations'))
  await db.exec(readFileSync('subgraphs/workflow/knowledge-migrations/' + f, 'utf8'))
await db.exec('set session authorization workflow_app')
const org = '0190a000-0000-7000-8000-000000000002',
  kb = '0190a000-0000-7000-8000-0000000000aa'
const fns = await db.query(
  `select oid::regprocedure::text as f, prosecdef from pg_proc where pronamespace='knowledge'::regnamespace`,
)
console.log(fns.rows)
