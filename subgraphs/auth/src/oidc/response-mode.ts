import type { Middleware } from 'koa'
import { refuseWith } from './refuse-with.ts'

/** Koa middleware: answers go back in the query only. Of the other ways one would be a page with a script in it, also for an error. */
export const queryModeOnly: Middleware = async (ctx, next) => {
  const mode = ctx.query['response_mode']
  if (ctx.path !== '/auth' || mode === undefined || mode === 'query') return next()
  refuseWith(ctx, 400, 'invalid_request', 'the only response_mode is query')
}
