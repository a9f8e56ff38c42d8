import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import S3rver from 's3rver'
import { ArtifactStore } from './artifact-store.ts'

/** The local platform's S3 server on a free port, with a folder of its own, that can go away and come back. */
export class ObjectStore implements AsyncDisposable {
  readonly #directory = mkdtempSync(join(tmpdir(), 'signalbox-s3-'))
  #server: S3rver | undefined
  #port = 0

  static async start(): Promise<ObjectStore> {
    const store = new ObjectStore()
    await store.listen()
    return store
  }

  async listen(): Promise<void> {
    this.#server = new S3rver({ address: '127.0.0.1', port: this.#port, directory: this.#directory, silent: true })
    this.#port = (await this.#server.run()).port
  }

  async stopListening(): Promise<void> {
    this.#server?.httpServer.closeAllConnections()
    await this.#server?.close()
    this.#server = undefined
  }

  store(bucket = 'artifacts'): ArtifactStore {
    return new ArtifactStore({
      endpoint: `http://127.0.0.1:${this.#port}`,
      region: 'us-east-1',
      bucket,
      accessKey: 'S3RVER',
      secretKey: 'S3RVER',
    })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stopListening()
    rmSync(this.#directory, { recursive: true, force: true })
  }
}
