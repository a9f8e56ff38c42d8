import type { MikroORM } from '@mikro-orm/postgresql'
import type { Account, FindAccount, KoaContextWithOIDC } from 'oidc-provider'
import type { Rights } from '../organizations/rights.ts'
import type { SessionLimits } from '../sessions/session-limits.ts'
import { findPerson, rightsThrough } from './person.ts'
import type { ServiceClientMetadata } from './service-client-adapter.ts'

/** The person behind a grant, with what the access token of this moment may say. */
export interface GrantAccount extends Account {
  rights: Rights
  /** The session that the grant is. */
  sessionId: string
  /** Seconds since the epoch, with fractions: just before the rights were read. */
  issuedAt: number
}

interface GrantSession {
  session_id: string
  user_id: string
  organization_id: string
}

/** What people let applications do. */
export class Grants {
  constructor(
    private readonly orm: MikroORM,
    private readonly limits: SessionLimits,
  ) {}

  /**
   * For a code or a refresh token: the person, with rights as they are now; nobody when the grant is over or the person has lost the
   * organisation. Without a token: the person who is signed in at the provider, if still a member of anything.
   */
  findAccount: FindAccount = async (ctx, sub, token) => {
    const grantId = token && (token as { grantId?: string }).grantId
    return grantId === undefined ? this.#accountOf(sub) : this.#accountOfGrant(clientOf(ctx), sub, grantId)
  }

  /** The grant that this person's browser has for this application, while it is good for anything. */
  loadExistingGrant = async (ctx: KoaContextWithOIDC) => {
    const { provider, result, session, client } = ctx.oidc
    const grantId = result?.consent?.grantId ?? session!.grantIdFor(client!.clientId)
    if (grantId === undefined || (await this.#session(grantId)) === undefined) return undefined
    const grant = await provider.Grant.find(grantId)
    return grant && (await this.#accountOfGrant(clientOf(ctx), grant.accountId!, grantId)) ? grant : undefined
  }

  async #session(grantId: string, em = this.orm.em.fork()): Promise<GrantSession | undefined> {
    const [row] = await em.execute<GrantSession[]>('select * from auth.session_of_grant(?, ?::interval)', [
      grantId,
      this.limits.maxLifetime,
    ])
    return row
  }

  async #accountOf(sub: string): Promise<Account | undefined> {
    const person = await findPerson(this.orm.em.fork(), sub)
    return person && { accountId: sub, claims: async () => ({ sub }) }
  }

  #accountOfGrant(client: ServiceClientMetadata, sub: string, grantId: string): Promise<GrantAccount | undefined> {
    return this.orm.em.fork().transactional(async (em) => {
      const session = await this.#session(grantId, em)
      if (session?.user_id !== sub) return undefined
      await em.execute('select auth.use_session_of_grant(?, ?::interval)', [grantId, this.limits.maxIdle])
      // Before the rights are read: a change from here on revokes the token that is made of them.
      const [{ at }] = await em.execute<[{ at: number }]>('select auth.issue_moment(?) as at', [sub])
      const where = { userId: sub, organizationId: session.organization_id, served: client.organization_ids }
      const rights = await rightsThrough(em, where)
      const person = rights && (await findPerson(em, sub))
      if (!rights || !person) return undefined
      const claims = async () => ({ sub, name: person.displayName, email: person.email, email_verified: true })
      return { accountId: sub, claims, rights, sessionId: session.session_id, issuedAt: at }
    })
  }
}

const clientOf = ({ oidc }: KoaContextWithOIDC) => oidc.client as unknown as ServiceClientMetadata
