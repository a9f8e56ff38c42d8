import { chmodSync, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createDatabase, ROLES, type Role } from '../local/database.ts'
import { findFreeBase } from '../local/ports.ts'
import { findPostgresHome } from '../local/postgres-home.ts'
import { startPostgres, type RunningPostgres } from '../local/postgres.ts'
import { endWithProcess } from './end-with.ts'

declare global {
  var testPostgres: { server: RunningPostgres; directory: string } | undefined
}

/** Starts one throw-away Postgres for the whole test run and makes the empty database that templates are copied from. */
export default async function setup() {
  const directory = mkdtempSync(join(tmpdir(), 'signalbox-test-'))
  chmodSync(directory, 0o755)
  const settings = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' }
  const home = await findPostgresHome(directory)
  const server = await startPostgres({ ...home, port: await findFreeBase(), password: 'test', settings })
  endWithProcess(server.pid)
  globalThis.testPostgres = { server, directory }
  process.env['TEST_DATABASE_URL'] = server.url()
  await createDatabase(
    server.url,
    'signalbox_empty',
    Object.fromEntries(ROLES.map((role) => [role, 'test'])) as Record<Role, string>,
  )
}
