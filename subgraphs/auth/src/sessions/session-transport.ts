import type { RequestInfo } from '@signalbox/shared/server'

/** Tokens as they travel from here to the gateway, which makes cookies of them: never in a GraphQL body. */
export interface SessionTokens {
  accessToken: string
  /** ISO 8601. */
  accessExpiresAt: string
  refreshToken: string
  refreshExpiresAt: string
}

/** The private headers between gateway and auth; the gateway keeps both off its clients. */
export class SessionTransport {
  constructor(private readonly request: RequestInfo) {}

  /** The refresh token from the caller's cookie. */
  get refreshToken(): string | undefined {
    return this.#header('x-signalbox-refresh')
  }

  /** What a person recognises a session by. */
  get origin(): { userAgent: string | null; address: string | null } {
    const address = this.#header('x-forwarded-for')?.split(',')[0]?.trim()
    return { userAgent: this.#header('user-agent')?.slice(0, 300) ?? null, address: address?.slice(0, 64) ?? null }
  }

  hand(tokens: SessionTokens): void {
    this.request.setHeader('x-signalbox-session', Buffer.from(JSON.stringify(tokens)).toString('base64url'))
  }

  clear(): void {
    this.request.setHeader('x-signalbox-session', 'none')
  }

  #header(name: string): string | undefined {
    const value = this.request.headers[name]
    return (Array.isArray(value) ? value[0] : value) || undefined
  }
}
