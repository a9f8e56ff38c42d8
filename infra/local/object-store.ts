import { mkdirSync } from 'node:fs'
import S3rver from 's3rver'
import { BUCKET } from './object-store-settings.ts'
import { runStore, setting } from './store-process.ts'

/** A local S3 server that keeps its objects as files. */
export async function startObjectStore(options: { directory: string; port: number }): Promise<AsyncDisposable> {
  mkdirSync(options.directory, { recursive: true, mode: 0o700 })
  const server = new S3rver({ address: '127.0.0.1', silent: true, configureBuckets: [], ...options })
  await server.run()
  if (!(await server.store.getBucket(BUCKET))) await server.store.putBucket(BUCKET)
  return {
    async [Symbol.asyncDispose]() {
      server.httpServer.closeAllConnections()
      await server.close()
    },
  }
}

if (import.meta.main) {
  await runStore(() => startObjectStore({ directory: setting('DIRECTORY'), port: Number(setting('PORT')) }))
}
