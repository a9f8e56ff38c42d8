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

/** Characters of a cookie's value; browsers keep 4,096 bytes of name, value and attributes (RFC 6265bis, 5.6). */
const LONGEST_VALUE = 3_800
/** What the longest token that is believed needs. */
const MOST_PARTS = 4
/** It goes into a header to auth. */
const REFRESH_TOKEN = /^[\x21-\x7e]{1,4096}$/

/**
 * The cookies of a session, and the one by which a browser is known that asked for a one-time code: the code works there only. No script
 * sees them; where the page is secure they carry the `__Host-` prefix, which binds them to this host over TLS (RFC 6265bis, 4.1.3.2).
 *
 * An access token that does not fit into one cookie, that of an agency with many clients, goes on in `…-2`, `…-3`.
 */
export class SessionCookies {
  readonly accessName: string
  readonly refreshName: string
  readonly browserName: string
  readonly #accessNames: string[]
  readonly #options: { path: string; httpOnly: boolean; sameSite: 'strict'; secure: boolean }

  constructor(publicUrl: string) {
    const secure = new URL(publicUrl).protocol === 'https:'
    const prefix = secure ? '__Host-' : ''
    this.accessName = `${prefix}signalbox-access`
    this.#accessNames = [
      this.accessName,
      ...Array.from({ length: MOST_PARTS - 1 }, (_, index) => `${this.accessName}-${index + 2}`),
    ]
    this.refreshName = `${prefix}signalbox-refresh`
    this.browserName = `${prefix}signalbox-browser`
    this.#options = { path: '/', httpOnly: true, sameSite: 'strict', secure }
  }

  /** What cannot be ours counts as absent: an empty value, and one that comes twice, since somebody else may have set the other. */
  read({ cookies, headers }: FastifyRequest): { accessToken: string | undefined; refreshToken: string | undefined } {
    const names = namesIn(headers.cookie)
    const valueOf = (name: string) => (names.filter((one) => one === name).length === 1 ? cookies[name] || undefined : undefined)
    const parts = this.#accessNames.map(valueOf)
    const missing = parts.indexOf(undefined)
    const refreshToken = valueOf(this.refreshName)
    return {
      accessToken: parts.slice(0, missing === -1 ? parts.length : missing).join('') || undefined,
      refreshToken: refreshToken !== undefined && REFRESH_TOKEN.test(refreshToken) ? refreshToken : undefined,
    }
  }

  /** Whether a browser sends any of a session's cookies, whatever they are worth. */
  arePresent({ headers }: FastifyRequest): boolean {
    return namesIn(headers.cookie).some((name) => this.#accessNames.includes(name) || name === this.refreshName)
  }

  set(reply: FastifyReply, tokens: SessionTokens) {
    const { accessToken } = tokens
    const parts = Array.from({ length: Math.ceil(accessToken.length / LONGEST_VALUE) }, (_, index) =>
      accessToken.slice(index * LONGEST_VALUE, (index + 1) * LONGEST_VALUE),
    )
    const expires = new Date(tokens.accessExpiresAt)
    parts.forEach((part, index) => reply.setCookie(this.#accessNames[index]!, part, { ...this.#options, expires }))
    this.#clearParts(reply, parts.length)
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
    this.#clearParts(reply, 1)
  }

  /** Takes the parts of a longer token away that the browser still has. */
  #clearParts(reply: FastifyReply, from: number) {
    const { cookies } = reply.request
    for (const name of this.#accessNames.slice(from)) if (name in cookies) reply.clearCookie(name, this.#options)
  }

  /** A `Cookie` header without ours, for requests that are passed on. */
  without(header: string | undefined): string | undefined {
    const kept = (header ?? '').split(/; */).filter((pair) => !this.#isOurs(pair.split('=')[0]!.trim()))
    return kept.filter(Boolean).join('; ') || undefined
  }

  #isOurs(name: string) {
    return this.#accessNames.includes(name) || name === this.refreshName || name === this.browserName
  }
}

const namesIn = (header: string | undefined): string[] => (header ?? '').split(';').map((pair) => pair.split('=')[0]!.trim())
