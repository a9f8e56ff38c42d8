import type { Context } from 'koa'
import { errorPage } from './pages/error-page.ts'
import { sendPage } from './pages/layout.ts'
import { errorList } from './error-list.ts'

/** Answers with an error that leads nowhere: a page for a browser, JSON with `errors[]` for everybody else. */
export function refuseWith(ctx: Context, status: number, error: string, description?: string): void {
  if (ctx.accepts('json', 'html') === 'html') return sendPage(ctx, errorPage(error, description, status))
  ctx.status = status
  ctx.type = 'json'
  ctx.set('cache-control', 'no-store')
  ctx.body = {
    error,
    ...(description === undefined ? {} : { error_description: description }),
    errors: errorList(error, description),
  }
}
