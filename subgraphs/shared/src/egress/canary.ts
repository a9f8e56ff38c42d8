import { createServer, type Server } from 'node:net'
import type { AddressInfo } from 'node:net'

/** Listens on both loopback addresses of one port and counts who comes: nobody may. For tests. */
export class Canary implements AsyncDisposable {
  connections = 0

  private constructor(
    readonly port: number,
    private readonly servers: Server[],
  ) {}

  static async listen(): Promise<Canary> {
    const v4 = await listening(0, '127.0.0.1')
    const { port } = v4.address() as AddressInfo
    const canary = new Canary(port, [v4, await listening(port, '::1')])
    for (const server of canary.servers) {
      server.on('connection', (socket) => {
        canary.connections += 1
        socket.destroy()
      })
    }
    return canary
  }

  async [Symbol.asyncDispose]() {
    await Promise.all(this.servers.map((server) => new Promise((resolve) => server.close(resolve))))
  }
}

async function listening(port: number, host: string): Promise<Server> {
  const server = createServer()
  await new Promise<void>((resolve, reject) => server.on('error', reject).listen(port, host, resolve))
  return server
}
