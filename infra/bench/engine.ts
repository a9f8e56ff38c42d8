import { spawn } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { repositoryPath } from '../local/data-directory.ts'
import { createDatabase, ROLES, type Role } from '../local/database.ts'
import { findFreeBase } from '../local/ports.ts'
import { findPostgresHome } from '../local/postgres-home.ts'
import { startPostgres } from '../local/postgres.ts'

/** `npm run bench:engine`: a Postgres of its own, as durable as it comes (fsync on), for every contestant; removed afterwards. */
const directory = mkdtempSync(join(tmpdir(), 'signalbox-bench-'))
chmodSync(directory, 0o755)
const home = await findPostgresHome(directory)
const server = await startPostgres({
  ...home,
  port: await findFreeBase(),
  password: 'bench',
  settings: { max_connections: '200' },
})
try {
  const passwords = Object.fromEntries(ROLES.map((role) => [role, 'bench'])) as Record<Role, string>
  for (const name of ['signalbox', 'stored', 'stock', 'dbos']) await createDatabase(server.url, name, passwords)
  const bench = repositoryPath('subgraphs/workflow/dist/bench/engine.bench.js')
  const child = spawn(process.execPath, ['--expose-gc', bench], {
    env: { ...process.env, BENCH_POSTGRES_URL: server.url() },
    stdio: 'inherit',
  })
  process.exitCode = await new Promise<number>((resolve) => child.on('close', (code) => resolve(code ?? 1)))
} finally {
  await server.stop()
  rmSync(directory, { recursive: true, force: true })
}
