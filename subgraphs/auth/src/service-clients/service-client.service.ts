import type { EntityManager } from '@mikro-orm/postgresql'
import { BadUserInputError, NotFoundError } from '@signalbox/shared/errors'
import { requireViewer, SCOPES } from '@signalbox/shared/scopes'
import type { Viewer } from '@signalbox/shared/viewer'
import DataLoader from 'dataloader'
import { randomUUID } from 'node:crypto'
import { isUuid, newId } from '@signalbox/shared/ids'
import { randomToken, type Secrets } from '../keys/secrets.ts'
import { requireName } from '../names.ts'
import type { CreateServiceClientInput } from './service-client.inputs.ts'
import { ServiceClient } from './service-client.entity.ts'

/** Programs that act for an organisation, with a client id and a secret of which only a keyed hash is kept. */
export class ServiceClientService {
  readonly #clients: DataLoader<string, ServiceClient | null>

  constructor(
    private readonly em: EntityManager,
    private readonly viewer: Viewer | null,
    private readonly secrets: Secrets,
  ) {
    this.#clients = new DataLoader(async (ids) => {
      const found = new Map((await em.find(ServiceClient, { id: { $in: ids } })).map((client) => [client.id, client]))
      return ids.map((id) => found.get(id) ?? null)
    })
  }

  /** The service client, revoked or not, or null when the viewer reads none such. Calls of one request are batched. */
  async find(id: string): Promise<ServiceClient | null> {
    return isUuid(id) && this.viewer !== null ? this.#clients.load(id) : null
  }

  /** Those of an organisation that are not revoked. */
  list(organizationId: string): Promise<ServiceClient[]> {
    return this.em.find(ServiceClient, { organizationId, revokedAt: null }, { orderBy: { createdAt: 'asc', id: 'asc' } })
  }

  /** Makes one in the active organisation. @returns it with its secret, which is kept nowhere */
  async create({ name, scopes, expiresAt }: CreateServiceClientInput): Promise<{ serviceClient: ServiceClient; secret: string }> {
    const viewer = requireViewer(this.viewer)
    const secret = randomToken()
    const serviceClient = Object.assign(new ServiceClient(), {
      organizationId: viewer.organizationId,
      id: newId(),
      clientId: `sb-${randomUUID()}`,
      name: requireName(name),
      scopes: requireScopes(scopes, viewer),
      secretHash: this.secrets.tokenHash('client secret', secret),
      createdAt: new Date(),
      expiresAt: requireFuture(expiresAt ?? null),
      revokedAt: null,
      lastUsedAt: null,
    })
    await this.em.persist(serviceClient).flush()
    return { serviceClient, secret }
  }

  /** Puts a new secret in the place of the old one, at once. */
  async rotateSecret(id: string): Promise<{ serviceClient: ServiceClient; secret: string }> {
    const serviceClient = await this.#own(id)
    const secret = randomToken()
    serviceClient.secretHash = this.secrets.tokenHash('client secret', secret)
    await this.em.flush()
    return { serviceClient, secret }
  }

  /** Ends a service client: it gets no token any more. Tokens that it has live out their 5 minutes. */
  async revoke(id: string): Promise<ServiceClient> {
    const serviceClient = await this.#own(id)
    serviceClient.revokedAt = new Date()
    await this.em.flush()
    return serviceClient
  }

  /** One of the active organisation that is not revoked. @throws {NotFoundError} */
  async #own(id: string): Promise<ServiceClient> {
    const { organizationId } = requireViewer(this.viewer)
    const found = isUuid(id) ? await this.em.findOne(ServiceClient, { organizationId, id, revokedAt: null }) : null
    if (found === null) throw new NotFoundError('service client')
    return found
  }
}

function requireScopes(scopes: string[], viewer: Viewer): string[] {
  const wanted = new Set(scopes)
  const refused = [...wanted].filter((scope) => !(SCOPES as readonly string[]).includes(scope) || !viewer.scopes.has(scope))
  if (wanted.size === 0 || refused.length > 0) {
    const message = wanted.size === 0 ? 'choose at least one' : `not yours to give: ${refused.join(', ').slice(0, 200)}`
    throw new BadUserInputError('A service client needs scopes that you hold yourself.', [{ path: 'scopes', message }])
  }
  return [...wanted]
}

function requireFuture(expiresAt: Date | null): Date | null {
  if (expiresAt !== null && expiresAt.getTime() <= Date.now()) {
    throw new BadUserInputError('The end lies in the past.', [{ path: 'expiresAt', message: 'must be in the future' }])
  }
  return expiresAt
}
