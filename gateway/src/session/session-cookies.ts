import type { FastifyReply, FastifyRequest } from 'fastify'
import '@fastify/cookie'
import { randomBytes } from 'node:crypto'

/** The tokens of a session, as auth hands them over. Times are ISO 8601. */
export interface SessionTokens {
  accessToken: string
  accessExpiresAt: string
  refreshToken: string
  refreshExpiresAt: string
}

/** 256 random bits, base64url. */
const BROWSER = /^[\w-]{43}$/
/** As long as browsers keep a cookie (RFC 6265bis, 5.5). */
const BROWSER_SECONDS = 400 * 24 * 3_600

/**
 * The two cookies of a session, and the one by which a browser is known that asked for a one-time code: the code works there only. No script sees them; where the page is secure they carry the `__Host-` prefix, which binds them to
 * this host over TLS (RFC 6265bis, 4.1.3.2).
 */
export class SessionCookies {
  readonly accessName: string
  readonly refreshName: string
  readonly browserName: string
  readonly #options: { path: string; httpOnly: boolean; sameSite: 'strict'; secure: boolean }

  constructor(publicUrl: string) {
    const secure = new URL(publicUrl).protocol === 'https:'
    const prefix = secure ? '__Host-' : ''
    this.accessName = `${prefix}signalbox-access`
    this.refreshName = `${prefix}signalbox-refresh`
    this.browserName = `${prefix}signalbox-browser`
    this.#options = { path: '/', httpOnly: true, sameSite: 'strict', secure }
  }

  read({ cookies }: FastifyRequest): { accessToken: string | undefined; refreshToken: string | undefined } {
    return { accessToken: cookies[this.accessName] || undefined, refreshToken: cookies[this.refreshName] || undefined }
  }

  set(reply: FastifyReply, tokens: SessionTokens) {
    reply.setCookie(this.accessName, tokens.accessToken, { ...this.#options, expires: new Date(tokens.accessExpiresAt) })
    reply.setCookie(this.refreshName, tokens.refreshToken, { ...this.#options, expires: new Date(tokens.refreshExpiresAt) })
  }

  /** What this browser is known by; a new value when it brings none of ours. */
  browserOf({ cookies }: FastifyRequest): string {
    const value = cookies[this.browserName]
    return value !== undefined && BROWSER.test(value) ? value : randomBytes(32).toString('base64url')
  }

  /** Has the browser keep the value; it outlives the sessions. */
  keepBrowser(reply: FastifyReply, value: string) {
    reply.setCookie(this.browserName, value, { ...this.#options, maxAge: BROWSER_SECONDS })
  }

  clear(reply: FastifyReply) {
    for (const name of [this.accessName, this.refreshName]) reply.clearCookie(name, this.#options)
  }

  /** A `Cookie` header without ours, for requests that are passed on. */
  without(header: string | undefined): string | undefined {
    const kept = (header ?? '').split(/; */).filter((pair) => !this.#isOurs(pair.split('=')[0]!.trim()))
    return kept.filter(Boolean).join('; ') || undefined
  }

  #isOurs(name: string) {
    return name === this.accessName || name === this.refreshName || name === this.browserName
  }
}
