import type { FastifyRequest } from 'fastify'
import { ForbiddenError, UnauthenticatedError } from '@signalbox/shared/errors'
import type { TokenVerifier, Viewer } from '@signalbox/shared/viewer'
import type { SessionCookies } from './session-cookies.ts'

/** Who sent a request, and by what. */
export interface Caller {
  viewer: Viewer | null
  /** Set when cookies speak for the caller: a browser. */
  refreshToken: string | undefined
  /** The access token ended, but the refresh token is there: the dashboard is asked to refresh. */
  mustRefresh: boolean
}

const NOBODY: Caller = { viewer: null, refreshToken: undefined, mustRefresh: false }

/** Finds out who calls. A bearer token wins over cookies; without one, the cookies of the session count. */
export class Callers {
  constructor(
    private readonly verifyToken: TokenVerifier,
    private readonly cookies: SessionCookies,
  ) {}

  /**
   * @param authorization of the header or of a WebSocket's `connectionParams`
   * @throws {UnauthenticatedError} for a bearer token that does not hold; {UnavailableError} when auth's keys cannot be read
   */
  async identify(request: FastifyRequest, authorization = request.headers.authorization): Promise<Caller> {
    if (authorization !== undefined) return { ...NOBODY, viewer: await this.verifyToken(authorization) }
    const { accessToken, refreshToken } = this.cookies.read(request)
    const viewer = accessToken === undefined ? null : await this.#verifyCookie(accessToken)
    return { viewer, refreshToken, mustRefresh: viewer === null && refreshToken !== undefined }
  }

  /** A cookie outlives its token now and then: that is no fault of the caller, who is nobody then. */
  async #verifyCookie(accessToken: string): Promise<Viewer | null> {
    try {
      return await this.verifyToken(`Bearer ${accessToken}`)
    } catch (error) {
      if (error instanceof UnauthenticatedError) return null
      throw error
    }
  }

  /**
   * Guards what a browser sends along by itself: a request that cookies speak for must carry a header that no foreign page can set.
   * @throws {ForbiddenError}
   */
  guardAgainstForgery(request: FastifyRequest, mediaType?: string) {
    if (request.headers.authorization !== undefined) return
    if (!this.cookies.arePresent(request)) return
    const isOurs = Boolean(request.headers['x-signalbox-csrf'])
    const isExpected = mediaType === undefined || (request.headers['content-type'] ?? '').split(';')[0]!.trim() === mediaType
    if (!isOurs || !isExpected) {
      throw new ForbiddenError('A request with cookies needs the header x-signalbox-csrf and a JSON body.')
    }
  }
}

/** Where no issuer is configured, nobody is ever signed in and no token is believed. */
export const refuseTokens: TokenVerifier = async (authorization) => {
  if (authorization === undefined || authorization === '') return null
  throw new UnauthenticatedError('The access token is not valid.')
}
