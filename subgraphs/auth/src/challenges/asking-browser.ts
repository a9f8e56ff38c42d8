import type { RequestInfo } from '@signalbox/shared/server'

/** The cookie of the asking browser as the gateway passes it on: 256 random bits, base64url. */
const BINDING = /^[\w-]{43}$/
const HEADER = 'x-signalbox-browser'

/** The browser behind a request. The gateway sends the value of its cookie along, a new one when there is none, and keeps both from clients. */
export class AskingBrowser {
  constructor(private readonly request: RequestInfo) {}

  /** Undefined where no cookie can be set: over a WebSocket. */
  get binding(): string | undefined {
    const value = this.request.headers[HEADER]
    return typeof value === 'string' && BINDING.test(value) ? value : undefined
  }

  /** Tells the gateway that something was bound to this value: the browser has to keep the cookie. */
  keep(): void {
    this.request.setHeader(HEADER, 'keep')
  }
}
