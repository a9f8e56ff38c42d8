import type { EntityManager } from '@mikro-orm/postgresql'
import type { Audit } from '@signalbox/shared/audit'
import { ForbiddenError, NotFoundError, UnauthenticatedError } from '@signalbox/shared/errors'
import type { Viewer } from '@signalbox/shared/viewer'
import { randomUUID } from 'node:crypto'
import { invalidCode } from '../challenges/challenge.service.ts'
import { isUuid } from '@signalbox/shared/ids'
import { randomToken, type Secrets } from '../keys/secrets.ts'
import { acceptInvitations, acceptInvitationsOf } from '../organizations/accept-invitations.ts'
import { heldMemberships } from '../organizations/held-memberships.ts'
import { rightsIn, type Rights } from '../organizations/rights.ts'
import type { AccessTokens } from './access-tokens.ts'
import type { SessionLimits } from './session-limits.ts'
import type { SessionTransport } from './session-transport.ts'
import { Session, type SessionRow } from './session.type.ts'
import { isInDashboard, requireSignedInPerson } from './signed-in-person.ts'

type Memberships = Awaited<ReturnType<typeof heldMemberships>>

/** As `auth.open_session` gives it; the driver makes texts of times. */
interface SessionEnds {
  expires_at: string
  idle_expires_at: string
}

/** As `auth.rotate_refresh_token` gives it. */
interface RotatedRow extends SessionEnds {
  outcome: 'RENEWED' | 'REUSED' | 'OVER'
  session_id: string
  user_id: string
  organization_id: string
  issued_at: number
}

/** What a signed-in person is given: the tokens of a session that goes on. */
interface Continuation {
  userId: string
  sessionId: string
  rights: Rights
  issuedAt: number
  refreshToken: string
  ends: SessionEnds
}

/** A person's sessions: opened by a code, kept alive by refresh tokens that work once each, ended by signing out or by time. */
export class SessionService {
  constructor(
    private readonly em: EntityManager,
    private readonly secrets: Secrets,
    private readonly limits: SessionLimits,
    private readonly accessTokens: AccessTokens,
    private readonly transport: SessionTransport,
    private readonly viewer: Viewer | null,
    private readonly audit: Audit,
  ) {}

  /** Opens a session for the person with this address, whom open invitations make a member first. */
  async open(email: string): Promise<Viewer> {
    const userId = await acceptInvitations(this.em, email, this.audit)
    if (!userId) throw invalidCode()
    const sessionId = randomUUID()
    const refreshToken = randomToken()
    const continuation = await this.em.transactional(async (em) => {
      const [{ moment: issuedAt }] = await em.execute<[{ moment: number }]>('select auth.issue_moment(?) as moment', [userId])
      const rights = rightsIn(await heldMemberships(em, userId), undefined, { orElse: true })
      if (!rights) throw invalidCode()
      const ends = await this.#insert(em, { userId, sessionId, refreshToken, organizationId: rights.organizationId })
      const entry = { action: 'sign_in.succeeded', outcome: 'ALLOWED', target: { type: 'Session', id: sessionId } } as const
      await this.audit.record(em, rights.organizationId, entry, { kind: 'USER', id: userId })
      return { userId, sessionId, rights, issuedAt, refreshToken, ends }
    })
    return this.#hand(continuation)
  }

  /**
   * Uses the refresh token up and hands out the next, with rights as they are now: open invitations are accepted first. A person who has
   * lost the active organisation goes on in the oldest one left.
   * @throws {UnauthenticatedError} when the token is missing or unknown or its session is over; a used token ends its session
   */
  async refresh(): Promise<Viewer> {
    const session = this.transport.refreshToken === undefined ? undefined : await this.#currentSession()
    if (session) await acceptInvitationsOf(this.em, session.userId, this.audit)
    return this.#rotate((memberships, current) => rightsIn(memberships, current, { orElse: true }))
  }

  /** Goes on in another organisation. @throws {NotFoundError} when the person has no rights there; nothing changes then */
  async switchTo(organizationId: string): Promise<Viewer> {
    if (this.viewer?.actorKind === 'SERVICE_CLIENT')
      throw new ForbiddenError('A service client acts in its own organisation only.')
    if (!isUuid(organizationId)) throw new NotFoundError('organization')
    return this.#rotate((memberships) => {
      const rights = rightsIn(memberships, organizationId)
      if (rights === null) throw new NotFoundError('organization')
      return rights
    })
  }

  /** Ends the caller's session, or all of the person's. Ends none when nobody is signed in. @throws {ForbiddenError} to an application for all */
  async signOut(everywhere: boolean): Promise<void> {
    if (everywhere && this.viewer?.actorKind === 'USER') this.#person()
    const session = await this.#currentSession()
    if (session) await this.#end(session.userId, { onlyOne: everywhere ? null : session.id })
    this.transport.clear()
  }

  /** Ends one of the caller's sessions. @throws {NotFoundError} when the caller has no such session */
  async end(id: string): Promise<void> {
    const { actorId, sessionId } = this.#person()
    const [ended] = isUuid(id) ? await this.#end(actorId, { onlyOne: id }) : []
    if (ended === undefined) throw new NotFoundError('session')
    if (id === sessionId) this.transport.clear()
  }

  /** Ends all of the caller's sessions but this one. @returns how many there were */
  async endOthers(): Promise<number> {
    const { actorId, sessionId } = this.#person()
    return (await this.#end(actorId, { allBut: sessionId })).length
  }

  /** Where the caller is signed in, the last used first; none for a service client, nor for an application. */
  async list(): Promise<Session[]> {
    const { viewer } = this
    if (viewer === null || !isInDashboard(viewer)) return []
    const rows = await this.em.execute<SessionRow[]>('select * from auth.sessions_of(?, ?::interval)', [
      viewer.actorId,
      this.limits.maxLifetime,
    ])
    return rows.map((row) => Session.of(row, viewer.sessionId))
  }

  #person(): Viewer {
    return requireSignedInPerson(this.viewer, 'A service client has no sessions.')
  }

  async #end(userId: string, { onlyOne = null, allBut = null }: { onlyOne?: string | null; allBut?: string | null }) {
    return this.em.transactional(async (em) => {
      const ended = await em.execute<{ session_id: string; organization_id: string }[]>(
        'select * from auth.end_sessions(?, ?, ?)',
        [userId, onlyOne, allBut],
      )
      for (const { session_id: id, organization_id: organizationId } of ended) {
        const entry = { action: 'session.ended', outcome: 'ALLOWED', target: { type: 'Session', id } } as const
        await this.audit.record(em, organizationId, entry, { kind: 'USER', id: userId })
      }
      return ended
    })
  }

  async #insert(
    em: EntityManager,
    {
      userId,
      sessionId,
      refreshToken,
      organizationId,
    }: Record<'userId' | 'sessionId' | 'refreshToken' | 'organizationId', string>,
  ): Promise<SessionEnds> {
    const { userAgent, address } = this.transport.origin
    const [ends] = await em.execute<[SessionEnds]>(
      'select * from auth.open_session(?, ?, ?, ?::interval, ?::interval, ?, ?, ?)',
      [
        sessionId,
        userId,
        organizationId,
        this.limits.maxLifetime,
        this.limits.maxIdle,
        this.secrets.tokenHash('refresh token', refreshToken),
        userAgent,
        address,
      ],
    )
    return ends
  }

  async #rotate(choose: (memberships: Memberships, current: string) => Rights | null): Promise<Viewer> {
    const presented = this.transport.refreshToken
    if (presented === undefined) throw sessionOver()
    await this.accessTokens.ready()
    const refreshToken = randomToken()
    const continuation = await this.em.transactional(async (em) => {
      const [row] = await em.execute<RotatedRow[]>('select * from auth.rotate_refresh_token(?, ?, ?::interval, ?::interval)', [
        this.secrets.tokenHash('refresh token', presented),
        this.secrets.tokenHash('refresh token', refreshToken),
        this.limits.maxLifetime,
        this.limits.maxIdle,
      ])
      if (row?.outcome === 'REUSED') await this.#recordReuse(em, row)
      // What ended the session must be kept: the refusal follows the commit.
      if (row?.outcome !== 'RENEWED') return null
      const rights = choose(await heldMemberships(em, row.user_id), row.organization_id)
      if (!rights) throw sessionOver()
      await em.execute('select auth.enter_organization(?, ?)', [row.session_id, rights.organizationId])
      const { user_id: userId, session_id: sessionId, issued_at: issuedAt } = row
      return { userId, sessionId, rights, issuedAt, refreshToken, ends: row }
    })
    if (continuation === null) throw sessionOver()
    return this.#hand(continuation)
  }

  #recordReuse(em: EntityManager, { session_id: id, user_id: userId, organization_id: organizationId }: RotatedRow) {
    const entry = { action: 'refresh.reused', outcome: 'DENIED', target: { type: 'Session', id } } as const
    return this.audit.record(em, organizationId, entry, { kind: 'USER', id: userId })
  }

  async #hand({ userId, sessionId, rights, issuedAt, refreshToken, ends }: Continuation): Promise<Viewer> {
    const sessionEndsAt = Date.parse(ends.expires_at) / 1000
    const viewer = await this.accessTokens.issue(userId, sessionId, rights, { issuedAt, sessionEndsAt })
    this.transport.hand({
      accessToken: viewer.token,
      accessExpiresAt: new Date(viewer.expiresAt * 1000).toISOString(),
      refreshToken,
      refreshExpiresAt: new Date(ends.idle_expires_at).toISOString(),
    })
    return viewer
  }

  async #currentSession(): Promise<{ id: string; userId: string } | undefined> {
    const token = this.transport.refreshToken
    if (token !== undefined) {
      const hash = this.secrets.tokenHash('refresh token', token)
      const [row] = await this.em.execute<{ session_id: string; user_id: string }[]>('select * from auth.session_of_token(?)', [
        hash,
      ])
      return row && { id: row.session_id, userId: row.user_id }
    }
    return this.viewer?.actorKind === 'USER' ? { id: this.viewer.sessionId, userId: this.viewer.actorId } : undefined
  }
}

const sessionOver = () => new UnauthenticatedError('Your session is over. Sign in again.')
