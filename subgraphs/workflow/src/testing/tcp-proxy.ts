import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net'

/** A way to a server that can be cut and mended, for tests of outages. */
export class TcpProxy implements AsyncDisposable {
  readonly #sockets = new Set<Socket>()
  #server: Server | undefined

  private constructor(
    private readonly target: { host: string; port: number },
    readonly port: number,
  ) {}

  /** @param url of the server behind; the proxy starts cut */
  static async to(url: string): Promise<TcpProxy> {
    const { hostname, port } = new URL(url)
    return new TcpProxy({ host: hostname, port: Number(port) }, await freePort())
  }

  /** The same address, through the proxy. */
  through(url: string): string {
    const address = new URL(url)
    address.hostname = '127.0.0.1'
    address.port = String(this.port)
    return address.href
  }

  mend(): Promise<void> {
    const server = createServer((socket) => {
      const onward = connect(this.target)
      for (const one of [socket, onward])
        this.#sockets.add(one.on('error', () => {}).on('close', () => this.#sockets.delete(one)))
      socket.pipe(onward).pipe(socket)
      socket.on('close', () => onward.destroy())
      onward.on('close', () => socket.destroy())
    })
    this.#server = server
    return new Promise((resolve) => server.listen(this.port, '127.0.0.1', resolve))
  }

  async cut(): Promise<void> {
    const server = this.#server
    this.#server = undefined
    for (const socket of this.#sockets) socket.destroy()
    if (server !== undefined) await new Promise((resolve) => server.close(resolve))
  }

  [Symbol.asyncDispose]() {
    return this.cut()
  }
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
