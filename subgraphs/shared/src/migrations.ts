import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { MikroORM } from '@mikro-orm/postgresql'
import { Migration, Migrator } from '@mikro-orm/migrations'

export interface MigrationsOptions {
  /** The owner's address: it creates and changes tables. */
  url: string
  schema: string
  /** A folder of SQL files that run once each, in the order of their names, each in a transaction. */
  directory: string
}

/** Brings one schema up to date and returns the names of the migrations that ran. */
export async function migrate(options: MigrationsOptions): Promise<string[]> {
  const orm = await openMigrator(options)
  try {
    const done = await orm.migrator.up()
    return done.map((migration) => migration.name)
  } finally {
    await orm.close()
  }
}

/**
 * The names of migrations that have not run yet; a service refuses to start on any. Works with the rights of the app role.
 * @throws when the database cannot be reached
 */
export async function pendingMigrations({ url, schema, directory }: MigrationsOptions): Promise<string[]> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 3_000 })
  await client.connect()
  try {
    const table = await client.query('select to_regclass($1) as name', [`${schema}.migrations`])
    if (table.rows[0].name === null) return migrationNames(directory)
    const done = await client.query<{ name: string }>(`select name from "${schema}".migrations`)
    const ran = new Set(done.rows.map((row) => row.name))
    return migrationNames(directory).filter((name) => !ran.has(name))
  } finally {
    await client.end()
  }
}

const migrationNames = (directory: string) =>
  readdirSync(directory)
    .filter((name) => name.endsWith('.sql'))
    .map((name) => name.replace(/\.sql$/, ''))
    .sort()

async function openMigrator({ url, schema, directory }: MigrationsOptions) {
  return MikroORM.init({
    clientUrl: url,
    schema,
    entities: [],
    discovery: { warnWhenNoEntities: false },
    extensions: [Migrator],
    logger: () => {},
    pool: { min: 0, max: 1 },
    migrations: {
      tableName: 'migrations',
      snapshot: false,
      migrationsList: migrationNames(directory).map((name) => ({ name, class: sqlMigration(join(directory, `${name}.sql`)) })),
    },
  })
}

function sqlMigration(file: string) {
  return class extends Migration {
    override up() {
      this.addSql(readFileSync(file, 'utf8'))
    }
  }
}
