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
import type { SessionTransport } from './session-transport.ts'
import { Session } from './session.type.ts'

const SESSION_LIFETIME = '30 days'
const REFRESH_MS = 14 * 24 * 3_600_000

interface RotatedRow {
  session_id: string
  user_id: string
  organization_id: string
  refresh_until: string
}

/** A person's sessions: opened by a code, kept alive by refresh tokens that work once each, ended by signing out. */
export class SessionService {
  constructor(
    private readonly em: EntityManager,
    private readonly secrets: Secrets,
    private readonly accessTokens: AccessTokens,
    private readonly transport: SessionTransport,
    private readonly viewer: Viewer | null,
    private readonly audit: Audit,
  ) {}

  /** Opens a session for the person with this address, whom open invitations make a member first. */
  async open(email: string): Promise<Viewer> {
    const userId = await acceptInvitations(this.em, email, this.audit)
    const rights = userId && rightsIn(await heldMemberships(this.em, userId), undefined, { orElse: true })
    if (!userId || !rights) throw invalidCode()
    const sessionId = randomUUID()
    const refreshToken = randomToken()
    const refreshUntil = new Date(Date.now() + REFRESH_MS)
    const { userAgent, address } = this.transport.origin
    await this.em.execute('select auth.open_session(?, ?, ?, ?::interval, ?, ?, ?, ?)', [
      sessionId,
      userId,
      rights.organizationId,
      SESSION_LIFETIME,
      this.secrets.tokenHash('refresh token', refreshToken),
      refreshUntil,
      userAgent,
      address,
    ])
    return this.#hand(userId, sessionId, rights, refreshToken, refreshUntil)
  }

  /**
   * Uses the refresh token up and hands out the next, with rights as they are now: open invitations are accepted first. A person who has
   * lost the active organisation goes on in the oldest one left.
   * @throws {UnauthenticatedError} when the token is missing, used, expired or its session is over
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

  /** Ends the caller's session, or all of the person's. Ends none when nobody is signed in. */
  async signOut(everywhere: boolean): Promise<void> {
    const session = await this.#currentSession()
    if (session) await this.em.execute('select auth.end_sessions(?, ?)', [session.userId, everywhere ? null : session.id])
    this.transport.clear()
  }

  async list(): Promise<Session[]> {
    const { viewer } = this
    if (viewer?.actorKind !== 'USER') return []
    const rows = await this.em.execute<Record<string, string>[]>('select * from auth.sessions_of(?)', [viewer.actorId])
    return rows.map((row) =>
      Object.assign(new Session(), {
        id: row['id'],
        current: row['id'] === viewer.sessionId,
        createdAt: new Date(row['created_at']!),
        lastUsedAt: new Date(row['last_used_at']!),
        userAgent: row['user_agent'],
        address: row['address'],
      }),
    )
  }

  async #rotate(
    choose: (memberships: Awaited<ReturnType<typeof heldMemberships>>, current: string) => Rights | null,
  ): Promise<Viewer> {
    const presented = this.transport.refreshToken
    if (presented === undefined) throw sessionOver()
    const next = randomToken()
    const { row, rights } = await this.em.transactional(async (em) => {
      const [row] = await em.execute<RotatedRow[]>('select * from auth.rotate_refresh_token(?, ?, ?)', [
        this.secrets.tokenHash('refresh token', presented),
        this.secrets.tokenHash('refresh token', next),
        new Date(Date.now() + REFRESH_MS),
      ])
      const rights = row && choose(await heldMemberships(em, row.user_id), row.organization_id)
      if (!row || !rights) throw sessionOver()
      await em.execute('select auth.enter_organization(?, ?)', [row.session_id, rights.organizationId])
      return { row, rights }
    })
    return this.#hand(row.user_id, row.session_id, rights, next, new Date(row.refresh_until))
  }

  async #hand(userId: string, sessionId: string, rights: Rights, refreshToken: string, refreshUntil: Date): Promise<Viewer> {
    const viewer = await this.accessTokens.issue(userId, sessionId, rights)
    this.transport.hand({
      accessToken: viewer.token,
      accessExpiresAt: new Date(viewer.expiresAt * 1000).toISOString(),
      refreshToken,
      refreshExpiresAt: refreshUntil.toISOString(),
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
