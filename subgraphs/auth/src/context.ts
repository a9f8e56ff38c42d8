import type { EntityManager, MikroORM } from '@mikro-orm/postgresql'
import { Audit } from '@signalbox/shared/audit'
import type { ViewerContext } from '@signalbox/shared/scopes'
import type { RequestInfo } from '@signalbox/shared/server'
import { tenantSession } from '@signalbox/shared/tenancy'
import type { Viewer } from '@signalbox/shared/viewer'
import { AskingBrowser } from './challenges/asking-browser.ts'
import { ChallengeService } from './challenges/challenge.service.ts'
import { parseClient } from './challenges/client-address.ts'
import type { OneTimeCodes } from './challenges/one-time-codes.ts'
import type { Secrets } from './keys/secrets.ts'
import type { Mailer } from './mail/mailer.ts'
import type { Notices } from './mail/notices.ts'
import { InvitationService } from './organizations/invitation.service.ts'
import { MembershipService } from './organizations/membership.service.ts'
import { OrganizationService } from './organizations/organization.service.ts'
import { ServiceClientService } from './service-clients/service-client.service.ts'
import type { AccessTokens } from './sessions/access-tokens.ts'
import type { SessionLimits } from './sessions/session-limits.ts'
import { SessionService } from './sessions/session.service.ts'
import { SessionTransport } from './sessions/session-transport.ts'
import { PhoneService } from './users/phone.service.ts'
import { UserService } from './users/user.service.ts'

/** What lives as long as the process. */
export interface AuthParts {
  orm: MikroORM
  secrets: Secrets
  mailer: Mailer
  notices: Notices
  codes: OneTimeCodes
  accessTokens: AccessTokens
  sessionLimits: SessionLimits
  publicUrl: string
}

interface Services {
  challenges: ChallengeService
  sessions: SessionService
  users: UserService
  phones: PhoneService
  organizations: OrganizationService
  invitations: InvitationService
  memberships: MembershipService
  serviceClients: ServiceClientService
}

/** One request: the caller and the services that act with the caller's rights. */
export interface AuthContext extends ViewerContext, Services {
  audit: Audit
  browser: AskingBrowser
  /** Goes on as somebody who has just signed in, so that the payload's fields resolve with the new rights. */
  signIn(viewer: Viewer): Viewer
}

export function createContext(parts: AuthParts, request: RequestInfo): AuthContext {
  const transport = new SessionTransport(request)
  return {
    viewer: request.viewer,
    audit: Audit.of(request),
    browser: new AskingBrowser(request),
    ...createServices(parts, transport, request.viewer, Audit.of(request)),
    // Apollo Server hands resolvers a copy of the context: only `this` is the one that they see.
    signIn(this: AuthContext, viewer: Viewer) {
      const audit = Audit.of(request, viewer)
      Object.assign(this, { viewer, audit }, createServices(parts, transport, viewer, audit))
      return viewer
    },
  }
}

function createServices(
  { orm, secrets, mailer, notices, codes, accessTokens, sessionLimits, publicUrl }: AuthParts,
  transport: SessionTransport,
  viewer: Viewer | null,
  audit: Audit,
): Services {
  const em = forkFor(orm, viewer)
  const origin = { client: parseClient(transport.origin.address), audit }
  const invitations = new InvitationService(em, viewer, audit, mailer, publicUrl)
  return {
    challenges: new ChallengeService(em, codes, origin),
    sessions: new SessionService(em, secrets, sessionLimits, accessTokens, transport, viewer, audit),
    users: new UserService(em, viewer),
    phones: new PhoneService(em, codes, origin, viewer, { notices, publicUrl }),
    organizations: new OrganizationService(em, viewer, audit, invitations),
    memberships: new MembershipService(em, viewer, audit),
    invitations,
    serviceClients: new ServiceClientService(em, viewer, secrets, audit),
  }
}

/** An entity manager in the caller's tenancy; without a caller the policies show it nothing. */
const forkFor = (orm: MikroORM, viewer: Viewer | null): EntityManager =>
  orm.em.fork(viewer === null ? {} : { session: tenantSession(viewer.organizationId, viewer.organizationIds) })
