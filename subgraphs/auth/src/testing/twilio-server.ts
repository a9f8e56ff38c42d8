import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'

export const TWILIO_ACCOUNT = { sid: `AC${'0123456789abcdef'.repeat(2)}`, token: 'the-auth-token-of-tests' }

export interface TwilioRequest {
  method: string
  url: string
  headers: IncomingHttpHeaders
  form: Record<string, string>
}

type Reply = (response: ServerResponse, request: TwilioRequest) => void

/** Twilio's error bodies: `{ code, message, more_info, status }`. */
export const twilioError =
  (status: number, code: number, message: string, headers: Record<string, string> = {}): Reply =>
  (response) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers })
    response.end(JSON.stringify({ code, message, more_info: `https://www.twilio.com/docs/errors/${code}`, status }))
  }

const accept: Reply = (response, { form }) => {
  response.writeHead(201, { 'content-type': 'application/json' })
  const message = { sid: `SM${'0'.repeat(32)}`, status: 'queued', to: form['To'], from: form['From'], error_code: null }
  response.end(JSON.stringify(message))
}

/** An HTTP server that speaks the published protocol of Twilio's Message resource, for tests. */
export class TwilioServer {
  readonly requests: TwilioRequest[] = []
  /** How the next requests are answered, one after the other; all others are accepted. */
  readonly replies: Reply[] = []
  readonly #waiting: (() => void)[] = []
  readonly #server = createServer((request, response) => {
    void text(request).then((body) => {
      const seen = {
        method: request.method!,
        url: request.url!,
        headers: request.headers,
        form: Object.fromEntries(new URLSearchParams(body)),
      }
      this.requests.push(seen)
      ;(this.replies.shift() ?? accept)(response, seen)
      for (const wake of this.#waiting.splice(0)) wake()
    })
  })

  get url() {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  async open(port = 0): Promise<this> {
    this.#server.listen(port, '127.0.0.1')
    await once(this.#server, 'listening')
    return this
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise((resolve) => this.#server.close(resolve))
  }

  /** The oldest message to this number that was not taken yet; waits for it. */
  async take(number: string): Promise<string> {
    for (;;) {
      const index = this.requests.findIndex(({ form }) => form['To'] === number)
      if (index >= 0) return this.requests.splice(index, 1)[0]!.form['Body']!
      await new Promise<void>((resolve) => this.#waiting.push(resolve))
    }
  }

  async takeCode(number: string): Promise<string> {
    return /^\d{6}/.exec(await this.take(number))![0]
  }

  /** What auth is told to use this server. */
  get env(): Record<string, string> {
    return {
      TWILIO_BASE_URL: this.url,
      TWILIO_ACCOUNT_SID: TWILIO_ACCOUNT.sid,
      TWILIO_AUTH_TOKEN: TWILIO_ACCOUNT.token,
      TWILIO_FROM: '+15005550006',
    }
  }
}
