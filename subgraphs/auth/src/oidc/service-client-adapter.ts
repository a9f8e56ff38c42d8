import type { MikroORM } from '@mikro-orm/postgresql'
import type { AdapterPayload } from 'oidc-provider'
import type { Secrets } from '../keys/secrets.ts'

/** What `auth.find_service_client` gives: a service client that may get tokens now. */
interface UsableServiceClient {
  id: string
  organization_id: string
  organization_name: string
  name: string
  kind: 'CONFIDENTIAL' | 'PUBLIC'
  redirect_uris: string[]
  scopes: string[]
  clients: string[]
  secrets: StoredSecret[]
}

interface StoredSecret {
  id: string
  /** Hexadecimal. */
  hash: string
}

/** Client metadata of our own; the access token's claims are made of it. */
export const EXTRA_CLIENT_METADATA = ['service_client_id', 'organization_id', 'organization_ids', 'organization_name'] as const

/** The same, as a client of the provider carries it. */
export interface ServiceClientMetadata {
  service_client_id: string
  organization_id: string
  /** Its organisation, and that agency's clients. */
  organization_ids: string[]
  organization_name: string
}

/** What an application may learn of the person who uses it, beside the platform's scopes. */
export const PERSON_SCOPES = ['openid', 'profile', 'email', 'offline_access'] as const

/** As client ids are. Postgres takes no zero byte, for one. */
const PRINTABLE = /^[\x21-\x7e]{1,100}$/

/** Lets oidc-provider look service clients up in their table. Clients are never written through it. */
export class ServiceClientAdapter {
  constructor(
    private readonly orm: MikroORM,
    private readonly secrets: Secrets,
  ) {}

  /** The metadata of a client that is neither revoked nor expired. Its `client_secret` is what `matchSecret` expects. */
  async find(clientId: string): Promise<AdapterPayload | undefined> {
    if (!PRINTABLE.test(clientId)) return undefined
    const [found] = await this.orm.em
      .fork()
      .execute<UsableServiceClient[]>('select * from auth.find_service_client(?)', [clientId])
    return (
      found && {
        client_id: clientId,
        client_name: found.name,
        ...(found.kind === 'PUBLIC' ? publicMetadata(found) : confidentialMetadata(found)),
        service_client_id: found.id,
        organization_id: found.organization_id,
        organization_ids: [found.organization_id, ...found.clients],
        organization_name: found.organization_name,
      }
    )
  }

  /** Whether this is one of the client's secrets that work. @param stored the metadata's `client_secret` */
  async matchSecret(clientId: string, stored: string, presented: string): Promise<boolean> {
    const matching = (JSON.parse(stored) as StoredSecret[]).filter(({ hash }) =>
      this.secrets.matches('client secret', presented, Buffer.from(hash, 'hex')),
    )
    if (matching[0]) await this.markUsed(clientId, matching[0].id)
    return matching.length > 0
  }

  async markUsed(clientId: string, secretId: string | null = null): Promise<void> {
    await this.orm.em.fork().execute('select auth.service_client_used(?, ?::uuid)', [clientId, secretId])
  }

  upsert = refuse
  findByUserCode = refuse
  findByUid = refuse
  consume = refuse
  destroy = refuse
  revokeByGrantId = refuse
}

const confidentialMetadata = ({ secrets, scopes }: UsableServiceClient) => ({
  client_secret: JSON.stringify(secrets),
  grant_types: ['client_credentials'],
  redirect_uris: [],
  response_types: [],
  scope: scopes.join(' '),
})

/** `native`: any port of a loopback address will do (RFC 8252, 7.3), and a person is asked each time (8.6). */
const publicMetadata = ({ redirect_uris, scopes }: UsableServiceClient) => ({
  token_endpoint_auth_method: 'none' as const,
  application_type: redirect_uris.every((uri) => uri.startsWith('https:')) ? ('web' as const) : ('native' as const),
  grant_types: ['authorization_code', 'refresh_token'],
  response_types: ['code' as const],
  response_modes: ['query'],
  redirect_uris,
  scope: [...PERSON_SCOPES, ...scopes].join(' '),
})

const refuse = () => Promise.reject(new Error('service clients are not written through the OpenID provider'))
