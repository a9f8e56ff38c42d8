import { once } from 'node:events'
import { connect, createServer, type Server, type Socket } from 'node:net'

/** A TCP forwarder: closed, it is a server that is down; opened, one that is back. */
export class Forwarder {
  readonly #sockets = new Set<Socket>()
  #server: Server | undefined

  constructor(
    readonly port: number,
    private readonly target: URL,
  ) {}

  /** The target's address by way of this forwarder. */
  get url() {
    return Object.assign(new URL(this.target), { host: `127.0.0.1:${this.port}` }).href
  }

  async open(): Promise<void> {
    this.#server = createServer((incoming) => {
      const outgoing = connect(Number(this.target.port), this.target.hostname)
      for (const [socket, other] of [
        [incoming, outgoing],
        [outgoing, incoming],
      ] as const) {
        this.#sockets.add(socket)
        socket.on('error', () => {})
        socket.on('close', () => {
          this.#sockets.delete(socket)
          other.destroy()
        })
        socket.pipe(other)
      }
    })
    this.#server.listen(this.port, '127.0.0.1')
    await once(this.#server, 'listening')
  }

  async close(): Promise<void> {
    const server = this.#server
    this.#server = undefined
    for (const socket of this.#sockets) socket.destroy()
    if (server) await new Promise((resolve) => server.close(resolve))
  }
}
