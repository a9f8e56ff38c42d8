import type { FastifyReply } from 'fastify'
import type { Logger } from '@signalbox/shared/logger'
import type { SubgraphHooks } from '../execution/subgraph-source.ts'
import type { SessionCookies, SessionTokens } from './session-cookies.ts'

/** Private headers between auth and gateway; clients neither send nor see them. */
export const SESSION_HEADER = 'x-signalbox-session'
export const REFRESH_HEADER = 'x-signalbox-refresh'
/** To auth: what the browser is known by. From auth: `keep`, when something was bound to it. */
export const BROWSER_HEADER = 'x-signalbox-browser'

/** The subgraph that may start and end sessions. */
export const SESSION_SUBGRAPH = 'auth'

/** Turns what auth says about a session into cookies of one HTTP answer. */
export class SessionExchange {
  /** What the browser is known by: its cookie's value, or a new one, which it gets when auth says so. */
  readonly browser: string

  constructor(
    readonly refreshToken: string | undefined,
    private readonly cookies: SessionCookies,
    private readonly reply: FastifyReply,
  ) {
    this.browser = cookies.browserOf(reply.request)
  }

  /** @param header base64url of the JSON of the tokens, or `none` after signing out @throws when it is neither */
  receive(header: string) {
    if (header === 'none') this.cookies.clear(this.reply)
    else this.cookies.set(this.reply, decodeSession(header))
  }

  keepBrowser() {
    this.cookies.keepBrowser(this.reply, this.browser)
  }

  end() {
    this.cookies.clear(this.reply)
  }
}

/** What the gateway adds to its exchange with auth. */
export function sessionHooks(log: Logger): SubgraphHooks {
  return {
    request: (headers, { session }, isMutation) => {
      if (!isMutation || session === null) return
      headers[BROWSER_HEADER] = session.browser
      if (session.refreshToken !== undefined) headers[REFRESH_HEADER] = session.refreshToken
    },
    response: (headers, { errors }, { session, viewer, requestId }) => {
      if (headers[BROWSER_HEADER] === 'keep') session?.keepBrowser()
      const header = headers[SESSION_HEADER]
      try {
        if (typeof header === 'string') return session?.receive(header)
      } catch (error) {
        log.error({ err: error, requestId }, 'auth sent a session that cannot be read')
      }
      const isRefused = errors?.some(({ extensions }) => extensions?.['code'] === 'UNAUTHENTICATED')
      // Nothing but the refresh token spoke for this caller, and auth does not take it: the cookies are worth nothing.
      if (isRefused && viewer === null && session?.refreshToken !== undefined) session.end()
    },
  }
}

function decodeSession(header: string): SessionTokens {
  const session = JSON.parse(Buffer.from(header, 'base64url').toString('utf8')) as SessionTokens
  const { accessToken, refreshToken, accessExpiresAt, refreshExpiresAt } = session
  const isWhole = [accessToken, refreshToken].every((token) => typeof token === 'string' && token !== '')
  if (!isWhole || [accessExpiresAt, refreshExpiresAt].some((time) => Number.isNaN(Date.parse(time)))) {
    throw new Error('not a session')
  }
  return session
}
