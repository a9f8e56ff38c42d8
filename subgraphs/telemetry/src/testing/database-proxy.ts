import { connect, createServer, type AddressInfo, type Socket } from 'node:net'

/** A line to the database that a test can cut and mend, so that only its own connections go down. */
export async function openProxy(url: string) {
  const target = new URL(url)
  const sockets = new Set<Socket>()
  const server = createServer((client) => {
    const upstream = connect(Number(target.port), target.hostname)
    for (const [socket, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(socket)
      socket.on('error', () => other.destroy())
      socket.on('close', () => sockets.delete(socket) && other.destroy())
      socket.pipe(other)
    }
  })
  const listen = (port: number) => new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  await listen(0)
  const { port } = server.address() as AddressInfo
  const cut = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve())
      for (const socket of sockets) socket.destroy()
    })
  return {
    /** The same address through the proxy. */
    through(address: string) {
      const proxied = new URL(address)
      proxied.port = String(port)
      return proxied.href
    },
    cut,
    mend: () => listen(port),
    [Symbol.asyncDispose]: () => (server.listening ? cut() : Promise.resolve()),
  }
}

/** Asks until it holds; gives up after 20 s. */
export async function until(holds: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 20_000
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error('it did not come about within 20 s')
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}
