import { isDatabaseDown } from '@signalbox/shared/database-failure'
import type { Logger } from '@signalbox/shared/logger'
import type { Middleware } from 'koa'
import { TEMPORARILY_UNAVAILABLE } from './error-list.ts'
import { refuseWith } from './refuse-with.ts'

/** Koa middleware, the outermost: what nobody expected is logged, and answered like any other error. */
export const shield =
  (log: Logger): Middleware =>
  async (ctx, next) => {
    try {
      await next()
    } catch (error) {
      if (isDatabaseDown(error)) {
        const { error: code, error_description: description } = TEMPORARILY_UNAVAILABLE
        return refuseWith(ctx, 503, code, description)
      }
      log.error({ err: error, path: ctx.path.replace(/[\w-]{20,}/g, '…') }, 'the OpenID provider failed')
      refuseWith(ctx, 500, 'server_error', 'Something went wrong on our side.')
    }
  }
