import { createHash, randomUUID } from 'node:crypto'
import pg from 'pg'

/**
 * A fresh database for one test file, copied from a template that is migrated once a run. The cluster is the one that the test run
 * started; its superuser's address is in `TEST_DATABASE_URL`. Every role's password is `test`.
 */
export interface TestDatabase {
  /** The address for one role: `url('workflow_app')`. */
  url(role: string): string
  /** As superuser, for arranging and for looking behind policies. */
  superuserUrl: string
  drop(): Promise<void>
}

type Migrate = (url: (role: string) => string) => Promise<unknown>

/**
 * @param name of the template: one for each set of migrations
 * @param migrations run in order when the template does not exist yet; each gets an address for a role
 */
export async function createTestDatabase(name: string, ...migrations: Migrate[]): Promise<TestDatabase> {
  const superuser = process.env['TEST_DATABASE_URL']
  if (superuser === undefined)
    throw new Error('TEST_DATABASE_URL is not set: run database tests through "npm test" or "npx jest"')
  const template = `template_${name}_${createHash('sha1').update(migrations.map(String).join()).digest('hex').slice(0, 8)}`
  const database = `test_${randomUUID().replaceAll('-', '')}`
  const admin = new pg.Client({ connectionString: superuser })
  await admin.connect()
  try {
    await admin.query('select pg_advisory_lock(hashtext($1))', [template])
    const known = await admin.query('select from pg_database where datname = $1', [template])
    if (known.rowCount === 0) await createTemplate(admin, superuser, template, migrations)
    await admin.query(`create database ${database} template ${template} strategy file_copy`)
    await admin.query('select pg_advisory_unlock(hashtext($1))', [template])
  } finally {
    await admin.end()
  }
  return {
    url: (role) => addressOf(superuser, database, role),
    superuserUrl: addressOf(superuser, database),
    drop: () => withClient(superuser, (client) => client.query(`drop database ${database} with (force)`)),
  }
}

async function createTemplate(admin: pg.Client, superuser: string, template: string, migrations: Migrate[]) {
  const draft = `${template}_draft`
  await admin.query(`drop database if exists ${draft} with (force)`)
  await admin.query(`create database ${draft} template signalbox_empty strategy file_copy`)
  for (const run of migrations) await run((role) => addressOf(superuser, draft, role))
  await admin.query(`select pg_terminate_backend(pid) from pg_stat_activity where datname = '${draft}'`)
  await admin.query(`alter database ${draft} rename to ${template}`)
}

function addressOf(superuser: string, database: string, role?: string): string {
  const url = new URL(superuser)
  url.pathname = `/${database}`
  if (role !== undefined) {
    url.username = role
    url.password = 'test'
  }
  return url.href
}

async function withClient<T>(url: string, use: (client: pg.Client) => Promise<T>): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  await use(client).finally(() => client.end())
}
