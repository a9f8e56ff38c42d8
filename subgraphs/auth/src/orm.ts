import type { MikroORM } from '@mikro-orm/postgresql'
import { createOrm } from '@signalbox/shared/orm'
import { Invitation } from './organizations/invitation.entity.ts'
import { Membership } from './organizations/membership.entity.ts'
import { Organization } from './organizations/organization.entity.ts'
import { ServiceClientSecret } from './service-clients/service-client-secret.entity.ts'
import { ServiceClient } from './service-clients/service-client.entity.ts'
import { User } from './users/user.entity.ts'

export const createAuthOrm = (url: string, poolSize?: number): Promise<MikroORM> =>
  createOrm({
    url,
    schema: 'auth',
    entities: [User, Organization, Membership, Invitation, ServiceClient, ServiceClientSecret],
    poolSize,
  })
