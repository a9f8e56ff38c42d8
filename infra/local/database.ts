import { readFileSync } from 'node:fs'
import pg from 'pg'

/** Every role of `infra/postgres/init.sql`. */
export const ROLES = [
  'auth_owner',
  'auth_app',
  'workflow_owner',
  'workflow_app',
  'telemetry_owner',
  'telemetry_app',
  'telemetry_consumer',
  'events_owner',
] as const
export type Role = (typeof ROLES)[number]

const INIT_SQL = new URL(import.meta.url.includes('/dist/') ? '../../postgres/init.sql' : '../postgres/init.sql', import.meta.url)

/** Makes the database with its roles, schemas and rights; what is there already stays. */
export async function createDatabase(superuser: (database?: string) => string, name: string, passwords: Record<Role, string>) {
  await withClient(superuser(), async (client) => {
    const known = await client.query('select from pg_database where datname = $1', [name])
    if (known.rowCount === 0) await client.query(`create database ${pg.escapeIdentifier(name)}`)
  })
  await withClient(superuser(name), async (client) => {
    await client.query(readFileSync(INIT_SQL, 'utf8'))
    for (const role of ROLES) await client.query(`alter role ${role} password ${pg.escapeLiteral(passwords[role])}`)
  })
}

async function withClient(url: string, use: (client: pg.Client) => Promise<void>) {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  await use(client).finally(() => client.end())
}
