import { mkdtempSync } from 'node:fs'
import { chmodSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createDatabase, ROLES, type Role } from '../local/database.ts'
import { startPostgres, type RunningPostgres } from '../local/postgres.ts'

declare global {
  var testPostgres: { server: RunningPostgres; directory: string } | undefined
}

/** Starts one throw-away Postgres for the whole test run and makes the empty database that templates are copied from. */
export default async function setup() {
  const directory = mkdtempSync(join(tmpdir(), 'signalbox-test-'))
  chmodSync(directory, 0o755)
  const settings = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' }
  const server = await startPostgres({
    directory: join(directory, 'postgres'),
    port: await freePort(),
    password: 'test',
    settings,
  })
  globalThis.testPostgres = { server, directory }
  process.env['TEST_DATABASE_URL'] = server.url()
  await createDatabase(
    server.url,
    'signalbox_empty',
    Object.fromEntries(ROLES.map((role) => [role, 'test'])) as Record<Role, string>,
  )
}

function freePort(): Promise<number> {
  const server = createServer()
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo
      server.close(() => resolve(port))
    })
  })
}
