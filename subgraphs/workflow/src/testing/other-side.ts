import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Received {
  method: string
  url: string
  headers: IncomingHttpHeaders
  body: string
}

/** A server of somebody else's, on this machine: keeps what it is asked and answers as a test says. */
export class OtherSide implements AsyncDisposable {
  readonly received: Received[] = []
  answer: (request: Received, response: ServerResponse) => void = (_request, response) => void response.end('{}')
  readonly #server: Server

  private constructor() {
    this.#server = createServer((incoming, response) => {
      let body = ''
      incoming.on('data', (part: Buffer) => (body += part.toString()))
      incoming.on('end', () => {
        const request = { method: incoming.method!, url: incoming.url!, headers: incoming.headers, body }
        this.received.push(request)
        this.answer(request, response)
      })
    })
  }

  static async listen(): Promise<OtherSide> {
    const side = new OtherSide()
    await new Promise<void>((resolve) => side.#server.listen(0, '127.0.0.1', resolve))
    return side
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  async [Symbol.asyncDispose]() {
    this.#server.closeAllConnections()
    await new Promise((resolve) => this.#server.close(resolve))
  }
}
