import { existsSync, mkdirSync, renameSync } from 'node:fs'
import { PGlite } from '@electric-sql/pglite'
import { vector } from '@electric-sql/pglite-pgvector'
import { PGLiteSocketServer } from '@electric-sql/pglite-socket'
import { runStore, setting } from './store-process.ts'

/**
 * The knowledge index's database: Postgres in WebAssembly with pgvector, because the embedded Postgres has none. All its connections share
 * one session, so its users send single statements (see `subgraphs/workflow/src/knowledge`). It has no timeouts: they kill its server.
 */
export async function startKnowledgeStore(options: { directory: string; port: number }): Promise<AsyncDisposable> {
  const { directory, port } = options
  const db = await open(directory)
  await db.exec('create schema if not exists knowledge')
  const server = new PGLiteSocketServer({ db, port, host: '127.0.0.1', maxConnections: 100 })
  await server.start()
  return {
    async [Symbol.asyncDispose]() {
      await server.stop()
      await db.close()
    },
  }
}

/** A directory that does not open is set aside: everything in it is derived and can be made again. */
async function open(directory: string): Promise<PGlite> {
  mkdirSync(directory, { recursive: true, mode: 0o700 })
  try {
    return await PGlite.create({ dataDir: directory, extensions: { vector } })
  } catch (error) {
    const aside = `${directory}.damaged-${Date.now()}`
    console.error(`The knowledge index does not open; it is set aside as ${aside} and has to be built again.`, error)
    if (existsSync(directory)) renameSync(directory, aside)
    return PGlite.create({ dataDir: directory, extensions: { vector } })
  }
}

if (import.meta.main) {
  await runStore(() => startKnowledgeStore({ directory: setting('DIRECTORY'), port: Number(setting('PORT')) }))
}
