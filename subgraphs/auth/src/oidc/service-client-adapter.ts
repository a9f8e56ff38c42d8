import type { MikroORM } from '@mikro-orm/postgresql'
import type { AdapterPayload } from 'oidc-provider'

/** What `auth.find_service_client` gives: a service client that may get tokens now. */
interface UsableServiceClient {
  id: string
  organization_id: string
  secret_hash: Buffer
  scopes: string[]
  clients: string[]
}

/** Client metadata of our own; the access token's claims are made of it. */
export const EXTRA_CLIENT_METADATA = ['service_client_id', 'organization_id', 'organization_ids'] as const

/** Lets oidc-provider look service clients up in their table. Clients are never written through it. */
export class ServiceClientAdapter {
  constructor(private readonly orm: MikroORM) {}

  /** The metadata of a client that is neither revoked nor expired. Its `client_secret` is the hash that `compareClientSecret` expects. */
  async find(clientId: string): Promise<AdapterPayload | undefined> {
    const em = this.orm.em.fork()
    const [found] = await em.execute<UsableServiceClient[]>('select * from auth.find_service_client(?)', [clientId])
    return (
      found && {
        client_id: clientId,
        client_secret: found.secret_hash.toString('base64url'),
        grant_types: ['client_credentials'],
        redirect_uris: [],
        response_types: [],
        scope: found.scopes.join(' '),
        service_client_id: found.id,
        organization_id: found.organization_id,
        organization_ids: [found.organization_id, ...found.clients],
      }
    )
  }

  async markUsed(clientId: string): Promise<void> {
    await this.orm.em.fork().execute('select auth.service_client_used(?)', [clientId])
  }

  upsert = refuse
  findByUserCode = refuse
  findByUid = refuse
  consume = refuse
  destroy = refuse
  revokeByGrantId = refuse
}

const refuse = () => Promise.reject(new Error('service clients are not written through the OpenID provider'))
