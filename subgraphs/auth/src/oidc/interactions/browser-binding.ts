import type { Context } from 'koa'
import { randomToken, type Secrets } from '../../keys/secrets.ts'

const COOKIE = '_oidc_browser'
const VALUE = /^[\w-]{43}$/

/**
 * One interaction in one browser: a cookie of 256 random bits under the interaction's own path. One-time codes are bound to it, and a form
 * carries a keyed hash of both, so that no other site and no other browser can send it.
 */
export class BrowserBinding {
  private constructor(
    readonly value: string,
    private readonly uid: string,
    private readonly secrets: Secrets,
  ) {}

  /** Of this request; a new one is set when it has none. @param path of the interaction, for the cookie */
  static of(ctx: Context, { uid, path, secrets }: { uid: string; path: string; secrets: Secrets }): BrowserBinding {
    const known = ctx.cookies.get(COOKIE, { signed: false })
    if (known !== undefined && VALUE.test(known)) return new BrowserBinding(known, uid, secrets)
    const value = randomToken()
    ctx.cookies.set(COOKIE, value, { path, httpOnly: true, sameSite: 'lax', secure: ctx.secure, signed: false })
    return new BrowserBinding(value, uid, secrets)
  }

  get formToken(): string {
    return this.secrets.tokenHash('oidc form', this.#subject).toString('base64url')
  }

  accepts(formToken: string | null): boolean {
    return formToken !== null && this.secrets.matches('oidc form', this.#subject, Buffer.from(formToken, 'base64url'))
  }

  get #subject() {
    return `${this.uid}:${this.value}`
  }
}
