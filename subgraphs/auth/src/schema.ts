import 'reflect-metadata'
import { buildSubgraph, type Subgraph } from '@signalbox/shared/federation'
import { ChallengeResolver } from './challenges/challenge.resolver.ts'
import type { AuthContext } from './context.ts'
import { MembershipResolver } from './organizations/membership.resolver.ts'
import { InvitationResolver } from './organizations/invitation.resolver.ts'
import { AgencyPersonResolver, OrganizationResolver } from './organizations/organization.resolver.ts'
import { RoleResolver } from './organizations/role.resolver.ts'
import { ServiceClientResolver } from './service-clients/service-client.resolver.ts'
import { SessionResolver } from './sessions/session.resolver.ts'
import { findSystemActor, SystemActor } from './users/system-actor.ts'
import { PhoneResolver } from './users/phone.resolver.ts'
import { UserResolver } from './users/user.resolver.ts'
import { ViewerResolver } from './users/viewer.resolver.ts'

/** The auth subgraph's schema; needs no environment and no database. */
export const buildAuthSubgraph = (): Promise<Subgraph> =>
  buildSubgraph<AuthContext>({
    resolvers: [
      ChallengeResolver,
      SessionResolver,
      ViewerResolver,
      UserResolver,
      PhoneResolver,
      OrganizationResolver,
      AgencyPersonResolver,
      InvitationResolver,
      RoleResolver,
      MembershipResolver,
      ServiceClientResolver,
    ],
    orphanedTypes: [SystemActor],
    references: {
      User: ({ id }, { users }) => users.find(String(id)),
      ServiceClient: ({ id }, { serviceClients }) => serviceClients.find(String(id)),
      SystemActor: ({ id }) => findSystemActor(String(id)),
      Organization: ({ id }, { organizations }) => organizations.find(String(id)),
    },
  })
