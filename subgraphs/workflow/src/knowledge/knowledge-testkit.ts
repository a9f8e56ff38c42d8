import { PGlite } from '@electric-sql/pglite'
import { vector } from '@electric-sql/pglite-pgvector'
import { PGLiteSocketServer } from '@electric-sql/pglite-socket'
import { createServer, type AddressInfo } from 'node:net'
import { migrateKnowledge } from './migrate-knowledge.ts'

/** The local platform's kind of knowledge database: PGlite in this process, in memory, served on a free port. */
export class KnowledgeDatabase implements AsyncDisposable {
  private constructor(
    readonly url: string,
    /** As superuser, around the socket. */
    readonly database: PGlite,
    private server: PGLiteSocketServer,
  ) {}

  static async start(): Promise<KnowledgeDatabase> {
    const database = await PGlite.create({ extensions: { vector } })
    const port = await freePort()
    const server = await serve(database, port)
    const url = `postgresql://postgres:postgres@127.0.0.1:${port}/postgres`
    await migrateKnowledge(url)
    return new KnowledgeDatabase(url, database, server)
  }

  /** As if the store went away: connections end and new ones are refused. */
  stopListening(): Promise<void> {
    return this.server.stop()
  }

  async listen(port: number): Promise<void> {
    this.server = await serve(this.database, port)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.server.stop()
    await this.database.close()
  }
}

async function serve(database: PGlite, port: number): Promise<PGLiteSocketServer> {
  const server = new PGLiteSocketServer({ db: database, port, host: '127.0.0.1', maxConnections: 20 })
  await server.start()
  return server
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
