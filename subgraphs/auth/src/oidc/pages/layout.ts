import type { Context } from 'koa'
import { Html, html } from './html.ts'
import { STYLE, STYLE_HASH } from './style.ts'

export interface Page {
  title: string
  body: Html
  status?: number
  /** Where a form of this page may lead in the end, beside this site: the application that gets the answer. */
  formTarget?: string
}

const LOGO = new Html(`<svg viewBox="0 0 32 32" aria-hidden="true"><rect width="32" height="32" rx="8" fill="#0d221c"/>
<path d="M10 28V6" stroke="#f6efdd" stroke-width="3" stroke-linecap="round"/><g transform="rotate(-28 10 11)"><path d="M10 8h17v6H10z" fill="#e2572b"/>
<path d="M21.500 8h2.500v6h-2.500z" fill="#f6efdd"/></g><circle cx="10" cy="11" r="3.400" fill="#f3b73e" stroke="#17382f" stroke-width="1.200"/></svg>`)

/** To the letter what its hash was made of. */
const STYLE_ELEMENT = new Html(`<style>${STYLE}</style>`)

/** Answers with a page that runs nothing, loads nothing, stands in no frame and is kept nowhere. */
export function sendPage(ctx: Context, { title, body, status = 200, formTarget }: Page): void {
  ctx.status = status
  ctx.type = 'text/html; charset=utf-8'
  ctx.set({
    'content-security-policy': policy(formTarget),
    'cache-control': 'no-store',
    'referrer-policy': 'same-origin',
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
  })
  ctx.body = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${title} · Signalbox</title>
        ${STYLE_ELEMENT}
      </head>
      <body>
        <header>${LOGO}<span>Signalbox</span></header>
        <main><div class="card">${body}</div></main>
      </body>
    </html>`.text
}

/** Browsers hold the redirects that follow a form to `form-action` as well: the application's address has to be in it. */
function policy(formTarget: string | undefined): string {
  const target = formTarget === undefined ? undefined : sourceOf(formTarget)
  return [
    "default-src 'none'",
    `style-src ${STYLE_HASH}`,
    `form-action 'self'${target === undefined ? '' : ` ${target}`}`,
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ')
}

/** A policy cannot name an IPv6 address (CSP 3, 2.3.1), nor a host of a scheme of one's own: their scheme stands for them. */
function sourceOf(uri: string): string | undefined {
  const url = URL.parse(uri)
  if (url === null) return undefined
  const isHost = ['http:', 'https:'].includes(url.protocol) && !url.hostname.startsWith('[')
  return isHost ? url.origin : url.protocol
}

/** What went wrong, said above a form; screen readers say it at once. */
export const alert = (message: string | undefined): Html | false =>
  message !== undefined && html`<p class="alert" role="alert">${message}</p>`
